"""Who acts: the principal that a door has made out, and that every change names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """What a personal API token may be used for, whatever its owner may do; each includes the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: Scope) -> bool:
        """Whether what the other is for may be done with this one."""
        return _SCOPES.index(self) >= _SCOPES.index(other)


_SCOPES = tuple(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program. `subject` is unique, and is written into each change row as its actor.

    `scope` is what it may do at most by the way it came.
    """

    subject: str
    scope: Scope = Scope.ADMIN


LOCAL = Principal("local")
"""The one principal of local mode, where the machine's owner is the only one who can connect."""
