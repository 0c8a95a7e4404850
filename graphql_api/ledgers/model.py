"""The ledger itself, and what all that it holds has in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql_api.ledgers.principal import Role

NAME_LENGTH = 100
"""Longest name of a ledger, category or tag, in characters."""


class Operation(Enum):
    """What a change did to an entity."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    PURGE = "purge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What every versioned entity carries. Instants are microseconds of UTC since 1970.

    `id` counts from 1 within its ledger and kind; `version` is the ledger's version that wrote this state.
    """

    ledger_id: int
    id: int
    version: int = 0
    created_at: int = 0
    updated_at: int = 0
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One book of expenses, the unit of tenancy.

    `kinds` maps a kind's name to the version that last touched it. `role` is what the principal who looks at it may do
    there; None where nobody has to say who it is.
    """

    id: int
    name: str
    currency: str
    version: int
    created_at: int
    updated_at: int
    kinds: dict[str, int] = field(default_factory=dict)
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entity's step from one version to the next. `before` and `after` are its columns, or None.

    `source` tells where it came from, such as the door and the request's id; None where that is not known.
    """

    ledger_id: int
    version: int
    position: int
    kind: str
    entity_id: int
    operation: Operation
    actor: str
    at: int
    undoes: int | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    source: dict[str, str] | None = None


class Unset(Enum):
    """Stands in a patch for a field that is to stay as it is; None empties the field."""

    UNSET = "unset"


UNSET = Unset.UNSET
