"""Steps: what commands did to entities, and the handful of statements that write it down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, update

from graphql_api.database.rows import add_rows
from graphql_api.database.tables import changes
from graphql_api.ledgers.model import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Delete, Table, Update
    from sqlalchemy.ext.asyncio import AsyncConnection

    from graphql_api.database.kinds import Kind
    from graphql_api.ledgers.model import Ledger

LEDGER_KIND = "ledger"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One entity's change by a command: `kind` is None for the ledger itself."""

    kind: Kind[Any] | None
    entity_id: int
    operation: Operation
    before: Any
    after: Any
    version: int
    position: int
    actor: str
    undoes: int | None
    source: str | None


async def send(connection: AsyncConnection, ledger_id: int, at: int, steps: Sequence[Step]) -> None:
    """Write steps of any number of commands, in the order they were taken, with their change rows."""
    kinds = {step.kind.name: step.kind for step in steps if step.kind is not None}
    purged = {(step.kind, step.entity_id) for step in steps if step.operation is Operation.PURGE}
    for name, kind in kinds.items():
        await _send(connection, ledger_id, kind, [step for step in steps if step.kind and step.kind.name == name])
    rows = [
        {
            "ledger_id": ledger_id,
            "version": step.version,
            "position": step.position,
            "kind": LEDGER_KIND if step.kind is None else step.kind.name,
            "entity_id": step.entity_id,
            "operation": step.operation.value,
            "actor": step.actor,
            "at": at,
            "undoes": step.undoes,
            "before": None if (step.kind, step.entity_id) in purged else _document(step.kind, step.before),
            "after": None if (step.kind, step.entity_id) in purged else _document(step.kind, step.after),
            "source": step.source,
        }
        for step in steps
    ]
    await add_rows(connection, changes, rows)


async def _send(connection: AsyncConnection, ledger_id: int, kind: Kind[Any], steps: Sequence[Step]) -> None:
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    superseded: list[dict[str, Any]] = []
    purged = {step.entity_id for step in steps if step.operation is Operation.PURGE}
    for step in steps:
        first.setdefault(step.entity_id, step.before)
        last[step.entity_id] = step.after
        # a state that its own version replaced was never seen
        if step.before is not None and step.before.version < step.version and step.entity_id not in purged:
            superseded.append({**kind.to_row(step.before), "superseded_version": step.version})
    if superseded:
        await add_rows(connection, kind.archive, superseded)
    if purged:
        await _erase(connection, ledger_id, kind, sorted(purged))
    updated = [key for key, before in first.items() if before is not None and last[key] is not None]
    rows = [kind.to_row(entity) for entity in last.values() if entity is not None]
    if len(rows) == len(updated) == 1:
        await connection.execute(_update_by_id(kind), {f"_{name}": value for name, value in rows[0].items()})
    else:
        # Out and in again, in two statements whatever their number; and a unique value may go from one row to
        # another, in whichever order the rows come.
        if updated:
            await connection.execute(_delete(kind.table, ledger_id, updated))
        if rows:
            await add_rows(connection, kind.table, rows)
    await kind.project(connection, ledger_id, [(first[key], last[key]) for key in first])


async def _erase(connection: AsyncConnection, ledger_id: int, kind: Kind[Any], ids: list[int]) -> None:
    for table in (kind.table, kind.archive):
        await connection.execute(_delete(table, ledger_id, ids))
    erased = update(changes).where(
        changes.c.ledger_id == ledger_id, changes.c.kind == kind.name, changes.c.entity_id.in_(ids)
    )
    await connection.execute(erased.values(before=None, after=None))


def _delete(table: Table, ledger_id: int, ids: Sequence[int]) -> Delete:
    return delete(table).where(table.c.ledger_id == ledger_id, table.c.id.in_(ids))


def _update_by_id(kind: Kind[Any]) -> Update:
    table = kind.table
    changing = [column for column in table.c if column.name not in ("ledger_id", "id", "created_at")]
    return (
        update(table)
        .where(table.c.ledger_id == bindparam("_ledger_id"), table.c.id == bindparam("_id"))
        .values({column: bindparam(f"_{column.name}", type_=column.type) for column in changing})
    )


def ledger_state(ledger: Ledger) -> dict[str, Any]:
    """What a change row keeps of the ledger itself."""
    return {"name": ledger.name, "currency": ledger.currency}


def to_json(state: dict[str, Any]) -> str:
    """The text of a change row's `before` and `after`."""
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


def _document(kind: Kind[Any] | None, subject: Any) -> str | None:
    if subject is None:
        return None
    return to_json(ledger_state(subject) if kind is None else kind.state(subject))
