"""Reading: one consistent snapshot, so that all of an answer is one version of each ledger."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import func, null, select
from sqlalchemy.exc import DBAPIError

from graphql_api.database.engine import is_stale, outages_told
from graphql_api.database.seats import SEATED, no_such_ledger
from graphql_api.database.tables import KINDS, ledgers, members
from graphql_api.ledgers.errors import Code, Refused, Unavailable
from graphql_api.ledgers.model import Ledger
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

    from sqlalchemy import Select
    from sqlalchemy.engine import Row
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
    from sqlalchemy.sql import Executable

    from graphql_api.ledgers.principal import Principal

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


_WIDTH = len(LEDGER_COLUMNS)


def visible(principal: Principal | None) -> Select[Any]:
    """Selects the ledgers that somebody may see, each by `LEDGER_COLUMNS` and the role there; None sees all."""
    if principal is None:
        return select(*LEDGER_COLUMNS, null())
    return select(*LEDGER_COLUMNS, members.c.role).where(SEATED, members.c.subject == principal.subject)


def visible_from_row(row: Sequence[Any], principal: Principal | None) -> Ledger:
    """The ledger in a row of `visible`."""
    found = ledger_from_row(row[:_WIDTH])
    return found if principal is None else replace(found, role=Role(row[_WIDTH]).at_most(principal.cap))


Seen = tuple[str | None, int]
"""A ledger's id after the subject of who looks at it; None for who sees all."""


async def read_seen(snapshot: Snapshot, wanted: Iterable[Seen]) -> dict[Seen, Ledger]:
    """Those of the ledgers that whoever looks at each is a member of, in one statement for members, one for others.

    The snapshot is one of who administers the database. The roles are the members' own, whatever their tokens allow.
    """
    found: dict[Seen, Ledger] = {}
    everywhere = [ledger_id for subject, ledger_id in wanted if subject is None]
    if everywhere:
        found |= {(None, ledger_id): one for ledger_id, one in (await snapshot.ledgers(everywhere)).items()}
    pairs = {pair for pair in wanted if pair[0] is not None}
    if pairs:
        statement = select(*LEDGER_COLUMNS, members.c.role, members.c.subject).where(
            SEATED,
            members.c.subject.in_(sorted({str(subject) for subject, _ in pairs})),
            ledgers.c.id.in_(sorted({ledger_id for _, ledger_id in pairs})),
        )
        for row in await snapshot.everywhere(statement):
            seen: Seen = (row[_WIDTH + 1], row[0])
            if seen in pairs:
                found[seen] = replace(ledger_from_row(row[:_WIDTH]), role=Role(row[_WIDTH]))
    return found


def ledger_from_row(row: Sequence[Any]) -> Ledger:
    """The ledger in a row that was selected by `LEDGER_COLUMNS`."""
    values: dict[str, Any] = dict(
        zip(("id", "name", "currency", "version", "created_at", "updated_at"), row, strict=False)
    )
    return Ledger(**values, kinds=dict(zip(KINDS, row[6:], strict=True)))


class Snapshot:
    """One read transaction, begun by the first read and ended by leaving the block.

    Resolvers of one request run side by side and share it; a lock keeps their statements apart. What it reads of a
    ledger is read for a principal, and only if that is a member; None stands for who administers the whole database.
    """

    def __init__(self, engine: AsyncEngine, principal: Principal | None = None) -> None:
        """Take the engine for reads; nothing is opened yet."""
        self._engine = engine
        self._principal = principal
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
        if self._reading is not None:
            self._reading.cancel()
        await self.close()

    @property
    def dialect(self) -> str:
        """The engine's name: sqlite, mysql or mariadb."""
        return self._engine.dialect.name

    async def rows(self, ledger_id: int, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """All rows of a statement that reads one ledger's content. Refused where that is not to be seen."""
        if self._principal is not None:
            await self.ledger(ledger_id)
        return await self.everywhere(statement)

    async def everywhere(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """All rows of a statement that reads more than one ledger, or what belongs to none: for this layer alone.

        A resolver that is cancelled, because a field beside it was refused, leaves its statement to its end: breaking
        it off would take the connection away from all others. `abort` is what ends a statement.
        """
        await self._lock.acquire()
        reading = self._reading = asyncio.create_task(self._read(statement))
        reading.add_done_callback(self._end)
        return await asyncio.shield(reading)

    def _end(self, reading: asyncio.Task[Any]) -> None:
        self._reading = None
        self._lock.release()
        if not reading.cancelled():
            reading.exception()  # whoever waited for it has it, if anybody still did

    async def _read(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        if self._aborted:
            raise Unavailable("The request has ended.")
        with outages_told():
            try:
                if self._connection is None:
                    return await self._first(statement)
                return (await self._connection.execute(statement)).all()
            except (OverflowError, UnicodeEncodeError) as error:  # the driver cannot even send it
                message = "A value of the request is none that could be stored."
                raise Refused.because(Code.INVALID, message) from error

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
            raise no_such_ledger()
        return found

    async def ledgers(self, ids: Iterable[int]) -> dict[int, Ledger]:
        """Those of the ledgers that there are to be seen, by id, in one statement at most."""
        wanted = list(dict.fromkeys(ids))
        missing = [ledger_id for ledger_id in wanted if ledger_id not in self._ledgers]
        if missing:
            rows = await self.everywhere(visible(self._principal).where(ledgers.c.id.in_(missing)))
            self._ledgers.update(dict.fromkeys(missing))
            self._ledgers.update({row[0]: visible_from_row(row, self._principal) for row in rows})
        return {ledger_id: found for ledger_id in wanted if (found := self._ledgers.get(ledger_id)) is not None}

    async def shelf(self, *, after: int = 0, limit: int) -> list[Ledger]:
        """A page of the ledgers that there are to be seen, by id."""
        statement = visible(self._principal).where(ledgers.c.id > after).order_by(ledgers.c.id).limit(limit)
        return [visible_from_row(row, self._principal) for row in await self.everywhere(statement)]

    async def shelf_size(self) -> int:
        """How many ledgers there are to be seen."""
        shown = visible(self._principal).with_only_columns(ledgers.c.id).subquery()
        (row,) = await self.everywhere(select(func.count()).select_from(shown))
        return int(row[0])

    @property
    def seen(self) -> list[Ledger]:
        """The ledgers that this snapshot has read, first read first."""
        return [found for found in self._ledgers.values() if found is not None]
