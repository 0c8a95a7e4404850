"""A cancelled read is ended on the database too, on each engine and with each driver."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, literal_column, select, text

from graphql_api.database.database import Database
from graphql_api.ledgers.errors import Unavailable
from tests.database.plugin import KINDS, Commits

if TYPE_CHECKING:
    from tests.servers.variants import Variant

pytestmark = pytest.mark.anyio

HEAVY = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
SELECT /* heavy */ COUNT(*) FROM n a, n b, n c, n d WHERE a.i + b.i + c.i + d.i = 0"""


async def running(variant: Variant) -> int:
    """How many heavy statements the server is at."""
    assert variant.server is not None
    statement = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%heavy%' AND info NOT LIKE '%processlist%'"
    return int(str((await asyncio.to_thread(variant.server.execute, statement))[0][0]))


async def until(condition: Any) -> None:
    while not await condition():  # noqa: ASYNC110  no event tells what a server does
        await asyncio.sleep(0.02)


async def _ended(variant: Variant, database: Database, end: Any) -> None:
    """Wait until the statement runs, end it, and wait until it is gone."""
    if variant.server is None:
        await asyncio.sleep(0.1)
        await end()
        # the connection's thread takes what follows only after the statement: closing it would wait for days
        await database.close()
        return

    async def begun() -> bool:
        return await running(variant) == 1

    async def gone() -> bool:
        return await running(variant) == 0

    await until(begun)
    await end()
    await until(gone)


async def test_a_cancelled_statement_is_gone(variant: Variant, database: Database) -> None:
    async def read() -> None:
        async with database.snapshot() as snapshot:
            await snapshot.everywhere(text(HEAVY))

    reading = asyncio.create_task(read())

    async def end() -> None:
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    await _ended(variant, database, end)


async def test_what_another_task_reads_is_ended_with_the_snapshot(variant: Variant, database: Database) -> None:
    snapshot = database.snapshot()
    reading = asyncio.create_task(snapshot.everywhere(text(HEAVY)))
    waiting = asyncio.create_task(snapshot.everywhere(select(literal_column("1"))))
    await _ended(variant, database, snapshot.abort)
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(Unavailable, match="has ended"):
        await waiting
    with pytest.raises(Unavailable, match="has ended"):
        await snapshot.everywhere(select(func.now()))


async def test_the_pool_is_whole_after_it(migrated_url: str) -> None:
    opened = Database(migrated_url, KINDS, Commits(), pool_size=2)
    try:
        for _ in range(4):
            snapshot = opened.snapshot()
            reading = asyncio.create_task(snapshot.everywhere(text(HEAVY)))
            await asyncio.sleep(0.05)
            await snapshot.abort()
            with pytest.raises(asyncio.CancelledError):
                await reading
        async with opened.snapshot() as snapshot:
            assert (await snapshot.everywhere(select(literal_column("1"))))[0][0] == 1
        assert opened.engines.read.pool.checkedout() == 0  # type: ignore[attr-defined]  # a QueuePool's
    finally:
        await opened.close()


async def test_the_server_itself_ends_what_nobody_does(variant: Variant, migrated_url: str) -> None:
    if variant.server is None:
        return  # SQLite has no server: what runs ends with its process
    opened = Database(migrated_url, KINDS, Commits(), pool_size=2, statement_seconds=0.2)
    try:
        with pytest.raises(Unavailable):
            async with opened.snapshot() as snapshot:
                await snapshot.everywhere(text(HEAVY))
        async with opened.snapshot() as snapshot:
            assert (await snapshot.everywhere(select(literal_column("1"))))[0][0] == 1
    finally:
        await opened.close()


SLOW = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 900) "
    "SELECT COUNT(*) FROM c AS a CROSS JOIN c AS b WHERE a.n * b.n >= 0"
)


async def test_a_reader_that_is_cancelled_breaks_no_other(database: Database) -> None:
    async with database.snapshot() as snapshot:
        await snapshot.everywhere(text("SELECT 1"))
        first = asyncio.create_task(snapshot.everywhere(text(SLOW)))
        second = asyncio.create_task(snapshot.everywhere(text("SELECT 2")))
        third = asyncio.create_task(snapshot.everywhere(text("SELECT 3")))
        await asyncio.sleep(0.01)
        assert not first.done()
        first.cancel()
        third.cancel()
        assert [tuple(row) for row in await second] == [(2,)]
        assert [tuple(row) for row in await snapshot.everywhere(text("SELECT 4"))] == [(4,)]
        assert first.cancelled()
        assert third.cancelled()
