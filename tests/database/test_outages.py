"""The database goes away: callers are told so in a word, nothing is half done, and it is found again."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from graphql_api.database import tables
from graphql_api.database.book import Book
from graphql_api.database.commands import one_row
from graphql_api.database.database import Database
from graphql_api.database.engine import open_engines
from graphql_api.database.schema import current_revision
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.ledgers.errors import OutcomeUnknown, Unavailable
from graphql_api.ledgers.model import Entity, Ledger
from graphql_api.transactions.service import Create, single
from tests.database.drafts import OWNER, add, create, draft, fetch, keyed, present
from tests.database.plugin import KINDS, Commits
from tests.database.proxy import Proxy
from tests.servers.variants import Variant

pytestmark = pytest.mark.anyio


@pytest.fixture
async def proxy(variant: Variant) -> AsyncIterator[Proxy]:
    assert variant.server is not None
    async with Proxy(variant.server.port) as running:
        yield running


@pytest.fixture
async def far(proxy: Proxy, migrated_url: str, commits: Commits) -> AsyncIterator[Database]:
    """The database as it is reached through the proxy."""
    url = make_url(migrated_url).set(port=proxy.port).render_as_string(hide_password=False)
    opened = Database(url, KINDS, commits, pool_size=4)
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    yield opened
    proxy.cut_before = proxy.cut_after = None
    await opened.close()
    logging.getLogger("sqlalchemy.pool").setLevel(logging.NOTSET)


async def test_a_commit_that_never_arrived_is_unknown(
    far: Database, proxy: Proxy, database: Database, ledger: Ledger
) -> None:
    await far.write(ledger.id, create())
    proxy.cut_before = b"\x03COMMIT"
    with pytest.raises(OutcomeUnknown):
        await far.write(ledger.id, create("5.00", envelope=keyed("k", 1)))
    proxy.cut_before = None
    assert proxy.cuts == 1
    assert (await present(database, ledger)).version == 2
    repeated = await far.write(ledger.id, create("5.00", envelope=keyed("k", 1)))
    assert (repeated.replayed, repeated.version) == (False, 3)


async def test_a_commit_whose_answer_was_lost_is_unknown_and_stands(
    far: Database, proxy: Proxy, database: Database, ledger: Ledger, commits: Commits
) -> None:
    await far.write(ledger.id, create())
    proxy.cut_after = b"\x03COMMIT"
    outcomes = await asyncio.gather(
        *(far.write(ledger.id, create(number, envelope=keyed(f"k{number}", 1))) for number in range(1, 4)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown] * 3
    proxy.cut_after = None
    assert proxy.cuts == 1
    assert commits.retries == 0
    assert (await present(database, ledger)).version == 5
    for number in range(1, 4):
        repeated = await far.write(ledger.id, create(number, envelope=keyed(f"k{number}", 1)))
        assert (repeated.replayed, repeated.entity.version) == (True, number + 2)
    assert (await present(database, ledger)).version == 5


@pytest.mark.parametrize("statement", [b"INSERT INTO transactions", b"FOR UPDATE", b"UPDATE ledgers"])
async def test_a_connection_that_breaks_before_the_commit_is_tried_again(
    far: Database, proxy: Proxy, ledger: Ledger, commits: Commits, statement: bytes
) -> None:
    await far.write(ledger.id, create())
    proxy.cut_before = statement
    writing = asyncio.create_task(far.write(ledger.id, create("5.00")))
    await proxy.cut.wait()
    proxy.cut_before = None
    outcome = await writing
    assert (outcome.version, outcome.entity.id) == (3, 2)
    assert commits.retries == 1


async def test_idle_connections_that_were_lost_are_replaced(far: Database, proxy: Proxy, ledger: Ledger) -> None:
    await far.write(ledger.id, create())
    assert (await present(far, ledger)).version == 2
    proxy.break_all()
    assert (await present(far, ledger)).version == 2
    proxy.break_all()
    assert (await far.write(ledger.id, create())).version == 3


async def test_a_database_that_is_down_is_unavailable(far: Database, proxy: Proxy, ledger: Ledger) -> None:
    await far.write(ledger.id, create())
    async with far.snapshot() as snapshot:
        await snapshot.ledger(ledger.id)
        await proxy.close()
        for _ in range(2):
            with pytest.raises(Unavailable):
                await snapshot.shelf(limit=1)
    outcomes = await asyncio.gather(
        far.write(ledger.id, create()),
        far.write(ledger.id, create()),
        present(far, ledger),
        far.create_ledger("owner", name="x", currency="EUR"),
        far.forget_old_keys(),
        current_revision(far.engines.read),
        ensure_default_ledger(far.engines.write, "owner", "USD"),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 7
    assert not any(word in str(outcome) for outcome in outcomes for word in ("127.0.0.1", "SELECT", "mysql"))
    await proxy.listen()
    assert (await far.write(ledger.id, create())).version == 3


async def test_a_file_that_cannot_be_opened_is_unavailable() -> None:
    before = set(threading.enumerate())
    missing = Database("sqlite+aiosqlite:////nowhere/at/all.sqlite3", KINDS, Commits())
    for attempt in (missing.write(1, create()), missing.create_ledger("o", name="x", currency="EUR")):
        with pytest.raises(Unavailable):
            await attempt
    await missing.close()
    # the driver's threads tell this event loop that they end, and so must be outlived by it
    for thread in set(threading.enumerate()) - before:
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join)


async def test_a_lock_that_is_held_too_long_is_waited_for_and_told(
    database: Database, migrated_url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.database.engine.BUSY_SECONDS", 1)
    monkeypatch.setattr("graphql_api.database.writer.BUSY_SECONDS", 1)
    impatient = Database(migrated_url, KINDS, Commits(), pool_size=2)
    async with database.engines.write.connect() as connection:
        await Book.open(connection, ledger.id, 0)
        with pytest.raises(Unavailable, match="busy"):
            await impatient.write(ledger.id, create())
        await connection.rollback()
    assert (await impatient.write(ledger.id, create())).version == 2
    await impatient.close()


async def test_a_deadlock_is_tried_again(
    database: Database, ledger: Ledger, commits: Commits, variant: Variant
) -> None:
    if variant.server is None:
        return  # one writer at a time: there is no deadlock
    made = await add(database, ledger)
    tried = []

    async def cross(book: Book) -> Entity:
        tried.append(book)
        if len(tried) == 1:
            locked = asyncio.Event()
            other = asyncio.create_task(_lock_then_want(database, ledger, made.id, locked))
            await locked.wait()
            await book.connection.execute(
                select(tables.transactions.c.id)
                .where(tables.transactions.c.ledger_id == ledger.id, tables.transactions.c.id == made.id)
                .with_for_update()
            )
            await other
        return (await single(OWNER, Create(draft())).run(book)).entity

    outcome = await database.write(ledger.id, one_row(OWNER, cross))
    assert outcome.version in {3, 4}
    assert len(tried) == 1 + commits.retries


async def _lock_then_want(database: Database, ledger: Ledger, transaction_id: int, locked: asyncio.Event) -> None:
    transactions, ledgers = tables.transactions, tables.ledgers
    engines = open_engines(database.engines.read.url.render_as_string(hide_password=False), pool_size=1)
    try:
        async with engines.write.connect() as connection:
            row = select(transactions.c.id).where(
                transactions.c.ledger_id == ledger.id, transactions.c.id == transaction_id
            )
            await connection.execute(row.with_for_update())
            # weighs more than the other side, which is therefore the one that is rolled back
            await connection.execute(
                text("UPDATE transactions SET description = 'x' WHERE ledger_id = :l AND id = :i"),
                {"l": ledger.id, "i": transaction_id},
            )
            locked.set()
            try:
                await connection.execute(select(ledgers.c.id).where(ledgers.c.id == ledger.id).with_for_update())
            except OperationalError:
                return
            await connection.rollback()
    finally:
        await engines.dispose()


async def test_a_new_database_gets_one_ledger_however_many_start(
    migrated_url: str, database: Database, other_database: Database
) -> None:
    await asyncio.gather(
        *(ensure_default_ledger(one.engines.write, "local", "EUR") for one in (database, other_database) * 3)
    )
    async with database.snapshot() as snapshot:
        assert len([one for one in await snapshot.shelf(limit=100) if one.id == 1]) <= 1
    assert migrated_url


async def test_what_was_acknowledged_outlives_every_connection(far: Database, proxy: Proxy, ledger: Ledger) -> None:
    made = await add(far, ledger, "5.00")
    proxy.break_all()
    assert (await fetch(far, ledger, made.id)) == made
