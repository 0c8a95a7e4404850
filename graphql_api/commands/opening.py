"""The database as a command has it: of the right schema, with its first ledger, closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from graphql_api.database.database import Database
    from graphql_api.database.reader import Snapshot
    from graphql_api.ledgers.model import Ledger
    from graphql_api.settings import Settings

T = TypeVar("T")

_LEDGERS_AT_ONCE = 1000


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database that the settings name. SQLite, which nobody else migrates, gets its schema here."""
    from graphql_api.database.schema import HEAD, check_revision, current_revision, migrate
    from graphql_api.database.shelf import ensure_default_ledger
    from graphql_api.ledgers.principal import LOCAL
    from graphql_api.stores import open_database

    database = open_database(settings)
    try:
        if database.engines.read.dialect.name == "sqlite":
            found = await current_revision(database.engines.read)
            if found is None or found < HEAD:
                await migrate(database.engines.write)
        await check_revision(database.engines.read)
        if settings.identity == "local":
            await ensure_default_ledger(database.engines.write, LOCAL.subject, settings.currency)
        yield database.acting_as(LOCAL, {"door": "cli"})
    finally:
        await database.close()


async def the_ledger(snapshot: Snapshot, named: str | None) -> Ledger:
    """The ledger of a name, a number or an id. Refused when there is none, or several have the name."""
    from graphql_api.ledgers.errors import Code, Refused
    from graphql_api.ledgers.ids import LARGEST, parse_ledger_id
    from graphql_api.ledgers.principal import FIRST_LEDGER

    if named is None:
        return await snapshot.ledger(FIRST_LEDGER)
    ledgers = await every_ledger(snapshot)
    found = [ledger for ledger in ledgers if ledger.name == named]
    if not found and named.isascii() and named.isdigit() and int(named) <= LARGEST:
        found = [ledger for ledger in ledgers if ledger.id == int(named)]
    if not found:
        try:
            number = parse_ledger_id(named)
        except Refused:
            number = 0
        found = [ledger for ledger in ledgers if ledger.id == number]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{ledger.name} ({ledger.id})" for ledger in (found or ledgers)[:20])
    told = "Several ledgers have the name" if found else "There is no ledger"
    raise Refused.because(Code.NOT_FOUND, f"{told} {named!r}: name one of {listed}.", "ledger")


async def every_ledger(snapshot: Snapshot) -> list[Ledger]:
    """All ledgers, by id."""
    found: list[Ledger] = []
    while True:
        page = await snapshot.shelf(after=found[-1].id if found else 0, limit=_LEDGERS_AT_ONCE)
        found.extend(page)
        if len(page) < _LEDGERS_AT_ONCE:
            return found
