"""Engines: one for reads, in snapshots, and one for writes, so that neither starves the other of connections."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from graphql_api.database.interrupt import Interrupts, statement_limit
from graphql_api.database.tls import split
from graphql_api.ledgers.errors import Code, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncConnection

DRIVERS = ("sqlite+aiosqlite", "mysql+aiomysql", "mysql+asyncmy", "mariadb+aiomysql", "mariadb+asyncmy")
"""The drivers that the tests run on."""

BUSY_SECONDS = 10
"""How long a write waits for another process's lock before it is told that the database is busy."""

# numbers of MySQL's and MariaDB's error messages
_DEADLOCK_OR_LOCK_WAIT = (1205, 1213)
_OUT_OF_RANGE = (1264, 1690, 3819, 4025)
# no connection or memory to be had, a full disk, going down, a broken line, read only, ended by its administrator or
# by the limit on a statement's time
_SERVER_AT_FAULT = frozenset(
    {1021, 1037, 1040, 1041, 1053, 1077, 1079, 1114, 1129, 1152, 1158, 1159, 1160, 1161, 1203, 1226, 1290, 1317}
    | {1836, 1927, 1969, 3024, 3169, 4031}
)
_CLIENT_ERRORS = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class Engines:
    """`read` gives snapshots (REPEATABLE READ); `write` is locked per ledger, so READ COMMITTED is enough for it."""

    read: AsyncEngine
    write: AsyncEngine
    interrupts: Interrupts

    async def dispose(self) -> None:
        """Close all connections."""
        await self.interrupts.close()
        await self.read.dispose()
        await self.write.dispose()


def open_engines(
    url: str, *, pool_size: int = 10, pool_timeout: float = 5.0, statement_seconds: float | None = None
) -> Engines:
    """Engines for a database address, without connecting yet.

    `pool_size` bounds the connections for reads; writes take a quarter as many more, at least two. MySQL and
    MariaDB end a read themselves after `statement_seconds`; on every engine a cancelled one is ended at once.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        read = _sqlite(address, pool_size, pool_timeout)
        # one connection writes; whoever waits for it waits as long as for another process
        write = _sqlite(address, 1, pool_timeout + BUSY_SECONDS, begin="IMMEDIATE")
    else:
        limit = "" if statement_seconds is None else statement_limit(statement_seconds)
        writers = max(2, pool_size // 4)
        read = _mysql(address, pool_size, pool_timeout, "REPEATABLE READ", limit)
        write = _mysql(address, writers, pool_timeout, "READ COMMITTED")
    return Engines(read, write, Interrupts(read))


def _mysql(address: URL, pool_size: int, pool_timeout: float, isolation: Any, limit: str = "") -> AsyncEngine:
    address, tls = split(address)
    return create_async_engine(
        address.update_query_dict({"charset": "utf8mb4"}),
        connect_args={"init_command": f"SET SESSION innodb_lock_wait_timeout = {BUSY_SECONDS}{limit}", **tls},
        isolation_level=isolation,
        pool_size=pool_size,
        hide_parameters=True,  # merchants and amounts stay out of the log when a statement fails
        max_overflow=0,
        pool_timeout=pool_timeout,
        pool_recycle=1800,
        # every connection is used through a transaction that is ended before it is given back
        pool_reset_on_return=None,
    )


def _sqlite(address: URL, pool_size: int, pool_timeout: float, begin: str = "DEFERRED") -> AsyncEngine:
    engine = create_async_engine(
        address,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        pool_size=pool_size,
        hide_parameters=True,  # merchants and amounts stay out of the log when a statement fails
        max_overflow=0,
        pool_timeout=pool_timeout,
        pool_reset_on_return=None,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: an acknowledged write outlives a power cut, not only the process
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -8000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # the driver would begin late and never immediately: both locks would come in the wrong order
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


def is_retryable(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when it is run again: a deadlock or a lock that was waited for."""
    origin = getattr(error, "orig", None)
    if isinstance(origin, sqlite3.OperationalError):
        return origin.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return _number(error) in _DEADLOCK_OR_LOCK_WAIT


def is_outage(error: BaseException) -> bool:
    """Whether the database, and not the statement, is at fault."""
    if isinstance(error, DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return isinstance(error.orig, sqlite3.OperationalError)
        number = _number(error)
        return error.connection_invalidated or number in _CLIENT_ERRORS or number in _SERVER_AT_FAULT or number == 0
    # PendingRollbackError: a connection that broke under an earlier statement of the same snapshot
    return isinstance(error, (PoolTimeout, OSError, EOFError, PendingRollbackError))


def is_stale(error: BaseException) -> bool:
    """Whether the connection was lost: another one may well work at once."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def violation(error: BaseException) -> Code | None:
    """Which rule of the tables a statement broke, if that is what it did."""
    number = _number(error)
    if number in _OUT_OF_RANGE or (number == 0 and "CHECK constraint" in str(getattr(error, "orig", ""))):
        return Code.AMOUNT_OUT_OF_RANGE
    return Code.ALREADY_EXISTS if isinstance(error, IntegrityError) else None


def unavailable(error: BaseException) -> Unavailable | None:
    """What a caller is told of an outage: neither the address nor the statement. None for other errors."""
    if is_retryable(error):
        return Unavailable("The database is busy; nothing was changed. Try again.")
    if is_outage(error):
        return Unavailable("The database does not answer; nothing was changed. Try again.")
    return None


@contextmanager
def outages_told() -> Iterator[None]:
    """Turn errors that are the database's own into `Unavailable`."""
    try:
        yield
    except Exception as error:
        told = unavailable(error)
        if told is None:
            raise
        raise told from error


def _number(error: BaseException) -> int:
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


async def ping(connection: AsyncConnection) -> None:
    """Raise unless the database answers."""
    await connection.execute(text("SELECT 1"))
