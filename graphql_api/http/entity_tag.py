"""Entity tags (RFC 9110): the version of an entity or a digest, and the conditions that requests make of it."""

from __future__ import annotations

import re

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_VERSION = re.compile(r"[1-9]\d{0,18}", re.ASCII)


def etag(version: int) -> str:
    """The strong tag of a version."""
    return f'"{version}"'


def weak(tag: str) -> str:
    """The weak tag of a text that tells an answer from others."""
    return f'W/"{tag}"'


def is_known(condition: str, tag: int | str) -> bool:
    """Whether an If-None-Match has the tag, or is *; weak tags count, as the comparison for reads is weak."""
    return condition.strip() == "*" or any(known == str(tag) for _, known in _TAG.findall(condition))


def version_to_match(condition: str | None) -> int | None:
    """The version that an If-Match asks for, None if it asks for any.

    Raises `Refused`: for a tag that no version has ever had, and for more than one tag, as a write is checked against
    one version.
    """
    if condition is None or condition.strip() == "*":
        return None
    match = _TAG.fullmatch(condition.strip())
    if match is None:
        raise Refused.because(Code.INVALID, 'If-Match takes one entity tag, such as "12", or *.', "ifVersion")
    weak, tag = match.groups()
    if weak or not _VERSION.fullmatch(tag) or int(tag) > LARGEST:
        message = "No transaction has this entity tag: send the ETag of an answer as it came."
        raise Refused.because(Code.VERSION_CONFLICT, message, "ifVersion")
    return int(tag)
