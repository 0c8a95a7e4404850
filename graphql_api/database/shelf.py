"""The shelf that ledgers stand on: making one, and renaming one."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from graphql_api.database.book import Book
from graphql_api.database.engine import outages_told
from graphql_api.database.outcome import Outcome
from graphql_api.database.steps import LEDGER_KIND, ledger_state, to_json
from graphql_api.database.tables import KINDS, changes, ledgers
from graphql_api.database.writer import Envelope, Write
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Problems
from graphql_api.ledgers.model import NAME_LENGTH, Ledger, Operation
from graphql_api.ledgers.money import parse_currency
from graphql_api.ledgers.principal import FIRST_LEDGER, Role
from graphql_api.ledgers.text import clean

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from graphql_api.database.kinds import Kind

_ID_BITS = 62


async def create_ledger(
    engine: AsyncEngine,
    subject: str,
    *,
    name: object,
    currency: object,
    ledger_id: int | None = None,
    owners: Kind[Any] | None = None,
    source: str | None = None,
) -> Ledger:
    """A new ledger at version 1. Its id is random, so that any replica may give one.

    With `owners`, the kind of its members, its second version makes the subject its owner.
    """
    problems = Problems()
    with problems:
        name = clean(name, "name", longest=NAME_LENGTH, required=True)
    with problems:
        currency = parse_currency(currency, "currency")
    problems.check()
    at = calendar.now()
    made = Ledger(
        id=ledger_id or secrets.randbits(_ID_BITS) + FIRST_LEDGER + 1,
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
                "source": source,
            }
            await connection.execute(insert(changes), [change])
            if owners is None:
                return replace(made, kinds=dict.fromkeys(KINDS, 0))
            book = await Book.open(connection, made.id, at)
            book.begin(subject, source=source)
            book.create(owners, owners.entity(ledger_id=0, id=0, subject=subject, role=Role.OWNER.value))
            await book.flush()
            return replace(book.ledger, role=Role.OWNER)


async def ensure_default_ledger(engine: AsyncEngine, subject: str, currency: str) -> None:
    """Start a new database with one ledger; several workers may do so at once."""
    with outages_told():
        async with engine.connect() as connection:
            if (await connection.execute(select(ledgers.c.id).limit(1))).first() is not None:
                return
    try:
        await create_ledger(engine, subject, name="Household", currency=currency, ledger_id=FIRST_LEDGER)
    except IntegrityError:
        return  # another worker was first


def rename(envelope: Envelope, name: object) -> Write:
    """A write that renames the ledger."""
    cleaned = clean(name, "name", longest=NAME_LENGTH, required=True)

    async def run(book: Book) -> Outcome:
        book.describe(name=cleaned)
        return Outcome(book.ledger.version, book.changed)

    return Write(envelope, run)
