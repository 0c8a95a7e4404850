"""The shelf that ledgers stand on: making one, listing them, renaming one."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from graphql_api.database.engine import outages_told
from graphql_api.database.outcome import Outcome
from graphql_api.database.reader import LEDGER_COLUMNS, ledger_from_row
from graphql_api.database.steps import LEDGER_KIND, ledger_state, to_json
from graphql_api.database.tables import KINDS, changes, ledgers
from graphql_api.database.writer import Envelope, Write
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Problems
from graphql_api.ledgers.model import NAME_LENGTH, Ledger, Operation
from graphql_api.ledgers.money import parse_currency
from graphql_api.ledgers.text import clean

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from graphql_api.database.book import Book
    from graphql_api.database.reader import Snapshot

DEFAULT_ID = 1
"""The ledger that a new database starts with."""

_ID_BITS = 62


async def create_ledger(
    engine: AsyncEngine, subject: str, *, name: object, currency: object, ledger_id: int | None = None
) -> Ledger:
    """A new ledger at version 1. Its id is random, so that any replica may give one."""
    problems = Problems()
    with problems:
        name = clean(name, "name", longest=NAME_LENGTH, required=True)
    with problems:
        currency = parse_currency(currency, "currency")
    problems.check()
    at = calendar.now()
    made = Ledger(
        id=ledger_id or secrets.randbits(_ID_BITS) + DEFAULT_ID + 1,
        name=str(name),
        currency=str(currency),
        version=1,
        created_at=at,
        updated_at=at,
    )
    with outages_told():
        async with engine.begin() as connection:
            row = {**ledger_state(made), "id": made.id, "version": 1, "created_at": at, "updated_at": at}
            await connection.execute(insert(ledgers), [row])
            change = {
                "ledger_id": made.id,
                "version": 1,
                "position": 0,
                "kind": LEDGER_KIND,
                "entity_id": 0,
                "operation": Operation.CREATE.value,
                "actor": subject,
                "at": at,
                "after": to_json(ledger_state(made)),
            }
            await connection.execute(insert(changes), [change])
    return replace(made, kinds=dict.fromkeys(KINDS, 0))


async def ensure_default_ledger(engine: AsyncEngine, subject: str, currency: str) -> None:
    """Start a new database with one ledger; several workers may do so at once."""
    with outages_told():
        async with engine.connect() as connection:
            if (await connection.execute(select(ledgers.c.id).limit(1))).first() is not None:
                return
    try:
        await create_ledger(engine, subject, name="Household", currency=currency, ledger_id=DEFAULT_ID)
    except IntegrityError:
        return  # another worker was first


async def list_ledgers(snapshot: Snapshot, *, after: int = 0, limit: int) -> list[Ledger]:
    """A page of all ledgers, by id."""
    statement = select(*LEDGER_COLUMNS).where(ledgers.c.id > after).order_by(ledgers.c.id).limit(limit)
    return [ledger_from_row(row) for row in await snapshot.rows(statement)]


def rename(envelope: Envelope, name: object) -> Write:
    """A write that renames the ledger."""
    cleaned = clean(name, "name", longest=NAME_LENGTH, required=True)

    async def run(book: Book) -> Outcome:
        book.describe(name=cleaned)
        return Outcome(book.ledger.version, book.changed)

    return Write(envelope, run)


async def count_ledgers(snapshot: Snapshot) -> int:
    """How many ledgers there are."""
    (row,) = await snapshot.rows(select(func.count()).select_from(ledgers))
    return int(row[0])
