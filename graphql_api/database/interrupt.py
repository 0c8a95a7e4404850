"""Ends on the database what a cancelled request left running there.

A driver that is cancelled closes its connection, but the server goes on with the statement until it has something to
send, and SQLite's thread goes on until the statement ends. So when SQLAlchemy throws a connection away because the
task was cancelled, the statement is ended: on MySQL and MariaDB by KILL from a connection of its own, on SQLite by
interrupting. Should KILL not get through, the server's own limit ends the statement (`statement_limit`).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_log = logging.getLogger(__name__)

_KILL_SECONDS = 5.0

_NO_SUCH_THREAD = 1094


def statement_limit(seconds: float) -> str:
    """What the init command sets beside other variables: MySQL's limit on SELECT, or MariaDB's on every statement.

    Each server takes its own part for a comment's content and the other's for a comment.
    """
    return f" /*!50708 , max_execution_time = {int(seconds * 1000)} */ /*M! , max_statement_time = {seconds} */"


class Interrupts:
    """Ends the statements of connections of an engine that are thrown away by a cancelled task."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Watch the engine's pool."""
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._killer = _Killer(engine.url)
        event.listen(engine.sync_engine.pool, "invalidate", self._invalidated)

    async def close(self) -> None:
        """Wait for what is being ended."""
        await self._killer.close()

    def _invalidated(self, connection: Any, _: object, error: BaseException | None) -> None:
        if not isinstance(error, asyncio.CancelledError):
            return
        driver = connection.driver_connection
        if self._is_sqlite:
            driver._conn.interrupt()  # noqa: SLF001  aiosqlite's own is this in a coroutine, which nobody could await
        else:
            self._killer.kill(driver.thread_id())


class _Killer:
    def __init__(self, url: URL) -> None:
        self._url = url
        self._tasks: set[asyncio.Task[None]] = set()

    def kill(self, thread_id: int) -> None:
        task = asyncio.get_running_loop().create_task(self._kill(thread_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _kill(self, thread_id: int) -> None:
        engine = create_async_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            async with asyncio.timeout(_KILL_SECONDS), engine.connect() as connection:
                await connection.exec_driver_sql(f"KILL {int(thread_id)}")
        except (DBAPIError, OSError, TimeoutError) as error:
            number = getattr(getattr(error, "orig", None), "args", (0,))[0]
            if number != _NO_SUCH_THREAD:  # it has ended by itself
                _log.warning("A statement could not be ended; the server's own limit will.", exc_info=error)
        finally:
            await engine.dispose()
