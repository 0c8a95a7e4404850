"""Selecting states of entities: of the present, or as they were at a version, whole or by page.

`where` is given the table (the present's or the archive) and returns the conditions in its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Table, and_, false, func, literal_column, or_, select, tuple_, union_all

from graphql_api.ledgers.ids import LARGEST
from graphql_api.ledgers.model import Entity

if TYPE_CHECKING:
    from sqlalchemy import CompoundSelect, Select

    from graphql_api.database.kinds import Kind
    from graphql_api.database.reader import Snapshot

E = TypeVar("E", bound=Entity)
Where = Callable[[Table], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by, never null."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Which page: `limit` rows after and before the given values of the sort keys, from the end if `backwards`."""

    limit: int
    after: tuple[Any, ...] | None = None
    before: tuple[Any, ...] | None = None
    backwards: bool = False


def everything(_: Table) -> Sequence[ColumnElement[bool]]:
    """No condition."""
    return ()


def sources(kind: Kind[Any], ledger_id: int, as_of: int | None) -> list[tuple[Table, ColumnElement[bool]]]:
    """The tables that hold the ledger's states at a version (None: at present), each with its condition."""
    present = kind.table.c.ledger_id == ledger_id
    if as_of is None:
        return [(kind.table, present)]
    archive = kind.archive.c
    superseded = and_(archive.ledger_id == ledger_id, archive.version <= as_of, archive.superseded_version > as_of)
    return [(kind.table, and_(present, kind.table.c.version <= as_of)), (kind.archive, superseded)]


async def by_ids(
    snapshot: Snapshot, kind: Kind[E], ledger_id: int, ids: Sequence[int], as_of: int | None = None
) -> dict[int, E]:
    """Those of the entities that existed, deleted ones too, by id."""
    found: dict[int, E] = {}
    ids = [entity_id for entity_id in ids if 0 < entity_id <= LARGEST]
    if not ids:
        return found
    for table, condition in sources(kind, ledger_id, as_of):
        rows = await snapshot.rows(ledger_id, select(*kind.columns(table)).where(condition, table.c.id.in_(ids)))
        found.update({row.id: kind.from_row(row) for row in rows})
    return found


async def page(
    snapshot: Snapshot,
    kind: Kind[E],
    ledger_id: int,
    as_of: int | None,
    where: Where,
    keys: Sequence[SortKey],
    wanted: Range,
) -> list[E]:
    """One page, in the order of `keys`, the last of which must make it total."""
    selects: list[Select[Any]] = []
    descending = [key.descending != wanted.backwards for key in keys]
    start, stop = (wanted.before, wanted.after) if wanted.backwards else (wanted.after, wanted.before)
    for table, condition in sources(kind, ledger_id, as_of):
        columns = [table.c[key.column] for key in keys]
        base = select(*kind.columns(table), *_sorting(kind, table, keys)).where(condition, *where(table))
        if stop is not None:
            base = base.where(or_(*_beyond(columns, [not down for down in descending], stop)))
        order = [column.desc() if down else column.asc() for column, down in zip(columns, descending, strict=True)]
        arms = (
            [base]
            if start is None
            else [base.where(arm) for arm in _after(columns, descending, start, snapshot.dialect)]
        )
        selects.extend(arm.order_by(*order).limit(wanted.limit) for arm in arms)
    rows = await snapshot.rows(ledger_id, _merge(selects, keys, descending, wanted.limit, snapshot.dialect))
    entities = [kind.from_row(row) for row in rows]
    return entities[::-1] if wanted.backwards else entities


def _sorting(kind: Kind[Any], table: Table, keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    return [table.c[key.column] for key in keys if key.column not in kind.names]


def _beyond(
    columns: Sequence[ColumnElement[Any]], descending: Sequence[bool], values: Sequence[Any]
) -> list[ColumnElement[bool]]:
    """Disjoint conditions that together mean: sorted strictly after the values."""
    return [
        and_(
            *(column == value for column, value in zip(columns[:position], values[:position], strict=True)),
            columns[position] < values[position] if descending[position] else columns[position] > values[position],
        )
        for position in range(len(columns))
    ]


def _after(
    columns: Sequence[ColumnElement[Any]], descending: Sequence[bool], values: Sequence[Any], dialect: str
) -> list[ColumnElement[bool]]:
    """The conditions to read by, one after another, such that each engine seeks into an index however deep they lie.

    MySQL and MariaDB make the intervals of one walk of the index out of all prefixes of the keys. SQLite seeks by a
    comparison of rows, and where the keys' directions differ, by one range at a time.
    """
    prefixes = _beyond(columns, descending, values)
    if dialect != "sqlite":
        return [or_(*prefixes)]
    if len(set(descending)) == 1:
        row, bound = tuple_(*columns), tuple_(*values)
        return [row < bound if descending[0] else row > bound]
    return prefixes


def _merge(
    selects: list[Select[Any]], keys: Sequence[SortKey], descending: Sequence[bool], limit: int, dialect: str
) -> Select[Any] | CompoundSelect[Any]:
    if len(selects) == 1:
        return selects[0]
    if dialect != "sqlite":
        # SQLite takes no ORDER BY within a compound; a subquery each costs SQLAlchemy as much as the page itself
        names: list[ColumnElement[Any]] = [literal_column(key.column) for key in keys]
        order = [name.desc() if down else name.asc() for name, down in zip(names, descending, strict=True)]
        return union_all(*selects).order_by(*order).limit(limit)
    merged = union_all(*(select(*one.subquery().c) for one in selects)).subquery()
    order = [
        merged.c[key.column].desc() if down else merged.c[key.column].asc()
        for key, down in zip(keys, descending, strict=True)
    ]
    return select(*merged.c).order_by(*order).limit(limit)


def live(table: Table) -> Sequence[ColumnElement[bool]]:
    """The condition: not deleted."""
    return (table.c.deleted == false(),)  # not IS, which MySQL seeks no index by


async def count(snapshot: Snapshot, kind: Kind[Any], ledger_id: int, as_of: int | None, where: Where) -> int:
    """How many states there are."""
    total = 0
    for table, condition in sources(kind, ledger_id, as_of):
        (row,) = await snapshot.rows(ledger_id, select(func.count()).select_from(table).where(condition, *where(table)))
        total += int(row[0])
    return total


async def ids_where(snapshot: Snapshot, kind: Kind[Any], ledger_id: int, as_of: int | None, where: Where) -> list[int]:
    """The ids of all states that meet the conditions."""
    found: list[int] = []
    for table, condition in sources(kind, ledger_id, as_of):
        rows = await snapshot.rows(ledger_id, select(table.c.id).where(condition, *where(table)))
        found.extend(row.id for row in rows)
    return sorted(found)
