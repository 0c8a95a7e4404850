# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""ElastiCache: fields that ministack drops or spells otherwise than AWS."""

import re
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import elasticache
from patching import Function, replace

Parameters = dict[str, Any]
Response = tuple[int, dict[str, str], str | bytes]


@replace(elasticache, "_create_user")
def _create_user(original: Function, parameters: Parameters) -> Response:
    response = original(parameters)
    user = elasticache._users.get(elasticache._p(parameters, "UserId"))
    asked = elasticache._p(parameters, "AuthenticationMode.Type")
    if user and asked:
        # AWS is asked for "no-password-required" and answers "no-password".
        kind = "no-password" if asked == "no-password-required" else asked
        user["Authentication"] = {"Type": kind, "PasswordCount": 0}
    return response


@replace(elasticache, "_user_xml")
def _user_xml(original: Function, user: dict[str, Any]) -> str:
    """Write the access string, in which ``&`` is common, as XML wants it."""
    return original({**user, "AccessString": escape(user["AccessString"])})


@replace(elasticache, "_create_replication_group")
def _create_replication_group(original: Function, parameters: Parameters) -> Response:
    response = original(parameters)
    group = elasticache._replication_groups.get(elasticache._p(parameters, "ReplicationGroupId"))
    if group is not None:
        group["KmsKeyId"] = elasticache._p(parameters, "KmsKeyId")
    return response


@replace(elasticache, "_rg_xml")
def _replication_group_xml(original: Function, group: dict[str, Any]) -> str:
    key = group.get("KmsKeyId")
    return original(group) + (f"<KmsKeyId>{key}</KmsKeyId>" if key else "")


@replace(elasticache, "_cluster_xml_inner")
def _cluster_xml(original: Function, cluster: dict[str, Any]) -> str:
    text = original(cluster)
    if "<AutoMinorVersionUpgrade>" in text:
        return text
    upgrade = str(cluster.get("AutoMinorVersionUpgrade", True)).lower()
    return f"{text}<AutoMinorVersionUpgrade>{upgrade}</AutoMinorVersionUpgrade>"


@replace(elasticache, "_describe_cache_parameters")
def _describe_cache_parameters(original: Function, parameters: Parameters) -> Response:
    """Answer only the parameters of the asked source (the caller's own, where it asks "user")."""
    status, headers, content = original(parameters)
    source = elasticache._p(parameters, "Source")
    if not source:
        return status, headers, content
    text = content.decode() if isinstance(content, bytes) else content
    wanted = f"<Source>{source}</Source>"
    text = re.sub(
        r"<Parameter>.*?</Parameter>",
        lambda match: match[0] if wanted in match[0] else "",
        text,
        flags=re.DOTALL,
    )
    return status, headers, text.encode()
