"""What the versioned store must know of a kind of entity to write it, read it back and compare two states."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from graphql_api.ledgers.model import Entity
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from sqlalchemy import Column, Table
    from sqlalchemy.engine import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from graphql_api.database.book import Book

E = TypeVar("E", bound=Entity)
E_contra = TypeVar("E_contra", bound=Entity, contravariant=True)

_COMMON = frozenset(item.name for item in fields(Entity))


def _nothing_more(_: Any) -> dict[str, Any]:
    return {}


async def _no_rules(_: Book, __: Any, ___: Any = None) -> None:
    return


async def _no_projection(_: AsyncConnection, __: int, ___: Sequence[tuple[Any, Any]]) -> None:
    return


class Check(Protocol[E_contra]):
    """Raises `Refused` if a state breaks a rule with other entities; what `before` held already need not be asked."""

    def __call__(self, book: Book, after: E_contra, before: E_contra | None = None, /) -> Awaitable[None]:
        """Check `after`."""


@dataclass(frozen=True, eq=False)
class Kind(Generic[E]):
    """A noun's dataclass and its two tables.

    `derive` computes the columns that are not fields (search keys); `decode` turns the JSON form of a field
    back into its Python one where they differ. `check` raises `Refused` if a state breaks a rule that involves
    other entities; whoever stages a state awaits it first. `check_unused` refuses to delete what others that are
    not deleted refer to, `check_unreferenced` to purge what deleted ones refer to; both read tables, so such a write
    runs alone. `project` keeps what is computed from entities (running sums, the index of tags): it is given the
    ledger's id and each entity's state before and after, None where there is none. `writer` is the role that it
    takes to change one.
    """

    name: str
    entity: type[E]
    table: Table
    archive: Table
    derive: Callable[[E], dict[str, Any]] = _nothing_more
    decode: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    check: Check[E] = _no_rules
    check_unused: Callable[[Book, E], Awaitable[None]] | None = None
    check_unreferenced: Callable[[Book, E], Awaitable[None]] | None = None
    writer: Role = Role.EDITOR
    project: Callable[[AsyncConnection, int, Sequence[tuple[E | None, E | None]]], Awaitable[None]] = _no_projection

    @cached_property
    def plural(self) -> str:
        """The name of the table, of the ledger's version and of the last id."""
        return self.table.name

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields, which are also the columns that are read."""
        return tuple(item.name for item in fields(self.entity))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The fields that a user sets."""
        return tuple(name for name in self.names if name not in _COMMON)

    def columns(self, table: Table | None = None) -> list[Column[Any]]:
        """The columns of a table, or of the present, that make an entity, in the order of its fields."""
        source = self.table if table is None else table
        return [source.c[name] for name in self.names]

    def from_row(self, row: Row[*tuple[Any, ...]]) -> E:
        """The entity in a row that was selected by `columns`."""
        return self.entity(**dict(zip(self.names, row, strict=False)))

    def to_row(self, entity: E) -> dict[str, Any]:
        """All column values of an entity."""
        return {name: getattr(entity, name) for name in self.names} | self.derive(entity)

    def state(self, entity: E) -> dict[str, Any]:
        """What a change row keeps of an entity, fit for JSON."""
        state = {name: getattr(entity, name) for name in (*self.content, "deleted", "created_at", "updated_at")}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in state.items()}

    def from_state(self, ledger_id: int, entity_id: int, version: int, state: Mapping[str, Any]) -> E:
        """The entity that `state` was made of."""
        values = {name: self.decode[name](value) if name in self.decode else value for name, value in state.items()}
        return self.entity(ledger_id=ledger_id, id=entity_id, version=version, **values)

    def same(self, one: E, other: E) -> bool:
        """Whether two states hold the same content."""
        return one.deleted == other.deleted and all(getattr(one, name) == getattr(other, name) for name in self.content)

    def undeleted(self, entity: E) -> E:
        """The entity without its deletion mark."""
        return replace(entity, deleted=False)

    def with_content(self, entity: E, source: E) -> E:
        """The entity with the content and deletion mark of another state of it."""
        return replace(entity, deleted=source.deleted, **{name: getattr(source, name) for name in self.content})
