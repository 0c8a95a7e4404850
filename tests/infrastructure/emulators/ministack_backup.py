# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""AWS Backup: the lock of a vault, which ministack lacks: set, told with the vault, taken off."""

import json
import re
from typing import Any

from ministack.services import backup
from patching import Function, replace

Response = tuple[int, dict[str, str], str | bytes]


def _lock(name: str, method: str, content: bytes) -> Response | None:
    vault = backup._vaults.get(name)
    if vault is None:
        return backup._err("ResourceNotFoundException", f"Vault '{name}' not found.", 404)
    if method == "PUT":
        asked = json.loads(content)
        vault["Locked"] = True
        vault.update({key: asked[key] for key in ("MinRetentionDays", "MaxRetentionDays") if key in asked})
        return backup._no_content()
    for key in ("Locked", "MinRetentionDays", "MaxRetentionDays"):
        vault.pop(key, None)
    return backup._no_content()


@replace(backup, "handle_request")
async def _handle_request(
    original: Function, method: str, path: str, headers: dict[str, str], content: bytes, query: dict[str, Any]
) -> Response:
    match = re.fullmatch(r"/backup-vaults/([^/]+)/vault-lock/?", path)
    if match and method in ("PUT", "DELETE"):
        return _lock(match[1], method, content)
    return await original(method, path, headers, content, query)
