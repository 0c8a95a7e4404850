"""Who acts: the principal that a door has made out, and what it may do at most."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from graphql_api.ledgers.errors import Code, Refused

FIRST_LEDGER = 1
"""The ledger that a new database starts with."""


class Role(Enum):
    """What a member of a ledger may do; each role may do what those before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"

    def reaches(self, needed: Role) -> bool:
        """Whether it may do what `needed` may."""
        return _ORDER[self] >= _ORDER[needed]

    def at_most(self, cap: Role) -> Role:
        """The lesser of the two."""
        return self if cap.reaches(self) else cap


_ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program.

    `subject` is unique, and is written into each change row as its actor. `cap` is the most that it may do, whatever
    its role in a ledger: a token may be for reading only. `ledger_id` is the ledger that it means where it names none.
    """

    subject: str
    cap: Role = Role.OWNER
    ledger_id: int | None = None


def own_ledger(principal: Principal, *path: str | int) -> int:
    """The ledger that a principal means where it names none. Refused where it must name one."""
    if principal.ledger_id is None:
        raise Refused.because(Code.REQUIRED, "Name a ledger: you may be a member of several.", *(path or ("ledgerId",)))
    return principal.ledger_id


LOCAL = Principal("local", ledger_id=FIRST_LEDGER)
"""The one principal of local mode, where the machine's owner is the only one who can connect: it has every ledger."""

NOBODY = Principal("")
"""A member of nothing: whoever acts where a door forgot to say who it is."""
