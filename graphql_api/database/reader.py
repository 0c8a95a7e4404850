"""Reading: one consistent snapshot, so that all of an answer is one version of each ledger."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from graphql_api.database.engine import is_stale, outages_told
from graphql_api.database.tables import KINDS, ledgers
from graphql_api.ledgers.errors import Code, Refused, Unavailable
from graphql_api.ledgers.model import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from sqlalchemy.engine import Row
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
    from sqlalchemy.sql import Executable

_VERSIONS = [ledgers.c[f"{kind}_version"] for kind in KINDS]
LEDGER_COLUMNS = [
    ledgers.c.id,
    ledgers.c.name,
    ledgers.c.currency,
    ledgers.c.version,
    ledgers.c.created_at,
    ledgers.c.updated_at,
    *_VERSIONS,
]


def ledger_from_row(row: Sequence[Any]) -> Ledger:
    """The ledger in a row that was selected by `LEDGER_COLUMNS`."""
    values: dict[str, Any] = dict(
        zip(("id", "name", "currency", "version", "created_at", "updated_at"), row, strict=False)
    )
    return Ledger(**values, kinds=dict(zip(KINDS, row[6:], strict=True)))


class Snapshot:
    """One read transaction, begun by the first read and ended by leaving the block.

    Resolvers of one request run side by side and share it; a lock keeps their statements apart.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the engine for reads; nothing is opened yet."""
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._ledgers: dict[int, Ledger | None] = {}
        self._reading: asyncio.Task[Any] | None = None
        self._aborted = False
        self.begun = 0
        """How many transactions it has begun: two reads with the same number are of the same state."""

    async def __aenter__(self) -> Self:
        """Enter; the transaction begins with the first read."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        if isinstance(error, asyncio.CancelledError):
            await self.abort()
        else:
            await self.close()

    async def close(self) -> None:
        """End the transaction and give the connection back; a later read begins another."""
        async with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                await asyncio.shield(connection.close())

    async def abort(self) -> None:
        """Close at once, ending a statement that another task runs; later reads are refused."""
        self._aborted = True
        # a loader reads in a task of its own, which is not cancelled with the request
        if self._reading is not None and self._reading is not asyncio.current_task():
            self._reading.cancel()
        await self.close()

    @property
    def dialect(self) -> str:
        """The engine's name: sqlite, mysql or mariadb."""
        return self._engine.dialect.name

    async def rows(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """All rows of a statement."""
        async with self._lock:
            if self._aborted:
                raise Unavailable("The request has ended.")
            self._reading = asyncio.current_task()
            with outages_told():
                try:
                    if self._connection is None:
                        return await self._first(statement)
                    return (await self._connection.execute(statement)).all()
                except (OverflowError, UnicodeEncodeError) as error:  # the driver cannot even send it
                    message = "A value of the request is none that could be stored."
                    raise Refused.because(Code.INVALID, message) from error
                finally:
                    self._reading = None

    async def _first(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        self.begun += 1
        # a pooled connection may have been lost while it lay idle: nothing was read yet, so another one will do
        try:
            self._connection = await self._engine.connect()
            return (await self._connection.execute(statement)).all()
        except DBAPIError as error:
            if self._connection is None or not is_stale(error):
                raise
            await self._connection.close()
        self._connection = await self._engine.connect()
        return (await self._connection.execute(statement)).all()

    async def ledger(self, ledger_id: int) -> Ledger:
        """The ledger as this snapshot has it. Refused when there is none."""
        await self.ledgers([ledger_id])
        found = self._ledgers[ledger_id]
        if found is None:
            raise Refused.because(Code.NOT_FOUND, "There is no such ledger.", "ledgerId")
        return found

    async def ledgers(self, ids: Iterable[int]) -> dict[int, Ledger]:
        """Those of the ledgers that exist, by id, in one statement at most."""
        wanted = list(dict.fromkeys(ids))
        missing = [ledger_id for ledger_id in wanted if ledger_id not in self._ledgers]
        if missing:
            rows = await self.rows(select(*LEDGER_COLUMNS).where(ledgers.c.id.in_(missing)))
            self._ledgers.update(dict.fromkeys(missing))
            self._ledgers.update({row[0]: ledger_from_row(row) for row in rows})
        return {ledger_id: found for ledger_id in wanted if (found := self._ledgers.get(ledger_id)) is not None}

    @property
    def seen(self) -> list[Ledger]:
        """The ledgers that this snapshot has read, first read first."""
        return [found for found in self._ledgers.values() if found is not None]
