"""Global ids: one opaque text names a thing of any kind in any ledger."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from graphql_api.ledgers.errors import Code, Refused

LARGEST = 2**63 - 1
_LONGEST = 120
_FORM = re.compile(r"([A-Z][A-Za-z]{1,30}):(0|[1-9]\d{0,18})(?::([1-9]\d{0,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GlobalId:
    """A ledger (`entity_id` None), or an entity within one. `type` is the name of the GraphQL type."""

    type: str
    ledger_id: int
    entity_id: int | None = None

    def __str__(self) -> str:
        """The text that clients keep: URL-safe base64, without padding."""
        parts = [self.type, str(self.ledger_id)]
        if self.entity_id is not None:
            parts.append(str(self.entity_id))
        return base64.urlsafe_b64encode(":".join(parts).encode()).rstrip(b"=").decode()


def parse_id(text: str, *path: str | int) -> GlobalId:
    """The id in a client's text. Refuses what this service never gave."""
    match = _FORM.fullmatch(_decode(text)) if len(text) <= _LONGEST else None
    if match is None or int(match[2]) > LARGEST or int(match[3] or 0) > LARGEST:
        raise Refused.because(Code.ID_INVALID, "This is not an id that the service gave.", *path)
    return GlobalId(match[1], int(match[2]), int(match[3]) if match[3] else None)


def parse_ledger_id(text: str, *path: str | int) -> int:
    """The number of a ledger's id."""
    found = parse_id(text, *path)
    if found.type != "Ledger" or found.entity_id is not None:
        raise Refused.because(Code.ID_INVALID, f"This is the id of a {found.type}, not of a Ledger.", *path)
    return found.ledger_id


def parse_entity_id(text: str, type_name: str, *path: str | int, ledger_id: int | None = None) -> tuple[int, int]:
    """The ledger's and the entity's number of an id of one type, in one ledger if that is given."""
    found = parse_id(text, *path)
    if found.type != type_name or found.entity_id is None:
        raise Refused.because(Code.ID_INVALID, f"This is the id of a {found.type}, not of a {type_name}.", *path)
    if ledger_id is not None and found.ledger_id != ledger_id:
        raise Refused.because(Code.ID_INVALID, f"This {type_name} is of another ledger.", *path)
    return found.ledger_id, found.entity_id


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
