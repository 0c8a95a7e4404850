"""What a driver does by itself: one INSERT and COMMIT for each row, on as many connections as there are writers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiomysql
import aiosqlite
import asyncmy
from sqlalchemy import insert
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.engine import URL, Dialect, make_url

from bench.drafts import transaction
from graphql_api.transactions.store import TRANSACTION

CONNECT = {"aiomysql": aiomysql.connect, "asyncmy": asyncmy.connect}
ROWS = 1000


class DriverWriters:
    """Writers without the service, each with a connection of its own.

    They insert the very rows that the service writes into `transactions`, into the same table with the same indexes.
    The rows are ready made but for their ids: nothing is checked, no change is recorded, no sum is kept.
    """

    def __init__(self, connections: list[Any], statement: str, rows: list[tuple[Any, ...]], *, commits: bool) -> None:
        """Made by `driver_writers`. `rows` lack what leads the table's columns: ledger, id and version."""
        self._connections = connections
        self._statement = statement
        self._rows = rows
        self._commits = commits
        self._last_id = 0

    async def turn(self, seconds: float) -> float:
        """Write for some seconds; gives the rows committed a second."""
        start = time.perf_counter()
        deadline = start + seconds
        counts = await asyncio.gather(*(self._write(connection, deadline) for connection in self._connections))
        return sum(counts) / (time.perf_counter() - start)

    async def _write(self, connection: Any, deadline: float) -> int:
        count = 0
        async with connection.cursor() as cursor:
            while time.perf_counter() < deadline:
                await cursor.execute(self._statement, self._row())
                if self._commits:
                    await connection.commit()
                count += 1
        return count

    def _row(self) -> tuple[Any, ...]:
        self._last_id += 1
        return (1, self._last_id, self._last_id, *self._rows[self._last_id % len(self._rows)])


@asynccontextmanager
async def driver_writers(url: str, count: int, *, autocommit: bool = False) -> AsyncIterator[DriverWriters]:
    """Connect the driver that a URL names, `count` times.

    Args:
        url: SQLAlchemy's URL of a database with the tables.
        count: connections. SQLite gets one: it lets one connection write at a time.
        autocommit: the server commits each statement, which saves the round trip of a COMMIT.
    """
    address = make_url(url)
    embedded = address.get_backend_name() == "sqlite"
    dialect = sqlite.dialect() if embedded else mysql.dialect(paramstyle="format")
    statement = str(insert(TRANSACTION.table).compile(dialect=dialect))
    async with AsyncExitStack() as stack:
        if embedded:
            connections = [await stack.enter_async_context(_sqlite(address))]
        else:
            connections = [
                await stack.enter_async_context(_mysql(address, autocommit=autocommit)) for _ in range(count)
            ]
        yield DriverWriters(connections, statement, _rows(dialect), commits=embedded or not autocommit)


def _rows(dialect: Dialect) -> list[tuple[Any, ...]]:
    """Return rows as the dialect hands them to the driver, without their first three columns."""
    columns = list(TRANSACTION.table.c)[3:]
    convert = {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns}
    rows = []
    for number in range(ROWS):
        row = TRANSACTION.to_row(transaction(number))
        rows.append(
            tuple(row[name] if processor is None else processor(row[name]) for name, processor in convert.items())
        )
    return rows


@asynccontextmanager
async def _mysql(address: URL, *, autocommit: bool) -> AsyncIterator[Any]:
    connection = await CONNECT[address.get_driver_name()](
        host=address.host,
        port=address.port,
        user=address.username,
        password=address.password,
        db=address.database,
        charset="utf8mb4",
        autocommit=autocommit,
    )
    try:
        yield connection
    finally:
        connection.close()


@asynccontextmanager
async def _sqlite(address: URL) -> AsyncIterator[Any]:
    async with aiosqlite.connect(str(address.database)) as connection:
        # as the service sets them
        await connection.execute("PRAGMA journal_mode = WAL")
        await connection.execute("PRAGMA synchronous = FULL")
        yield connection
