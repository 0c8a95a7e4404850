"""The database as the doors have it: snapshots to read, a writer to write, and the shelf of ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.database import shelf
from graphql_api.database.engine import open_engines, outages_told
from graphql_api.database.idempotency import forget_old
from graphql_api.database.reader import Snapshot
from graphql_api.database.writer import Writer
from graphql_api.ledgers import calendar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql_api.database.kinds import Kind
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.writer import Observer, Tally, Write
    from graphql_api.ledgers.model import Ledger


class Database:
    """Opened once a process. `kinds` are the kinds of entity by name."""

    def __init__(
        self,
        url: str,
        kinds: Sequence[Kind[Any]],
        observer: Observer,
        *,
        pool_size: int = 10,
        pool_timeout: float = 5.0,
        statement_seconds: float | None = None,
        tally: Callable[[], Tally] | None = None,
    ) -> None:
        """Prepare engines; the first use connects. `statement_seconds` bounds reads on the database itself."""
        self.engines = open_engines(
            url, pool_size=pool_size, pool_timeout=pool_timeout, statement_seconds=statement_seconds
        )
        self.kinds = {kind.name: kind for kind in kinds}
        self._writer = Writer(self.engines.write, kinds, observer, tally=tally)

    def snapshot(self) -> Snapshot:
        """One consistent view, to be used as an asynchronous context manager."""
        return Snapshot(self.engines.read)

    async def write(self, ledger_id: int, write: Write) -> Outcome:
        """Do a write; returns after it is committed."""
        return await self._writer.write(ledger_id, write)

    async def create_ledger(self, subject: str, *, name: object, currency: object) -> Ledger:
        """A new ledger at version 1."""
        return await shelf.create_ledger(self.engines.write, subject, name=name, currency=currency)

    async def forget_old_keys(self) -> int:
        """Delete idempotency keys past their time; gives how many."""
        with outages_told():
            async with self.engines.write.begin() as connection:
                return await forget_old(connection, calendar.now())

    async def close(self) -> None:
        """Finish the writes that wait, and close all connections."""
        await self._writer.close()
        await self.engines.dispose()
