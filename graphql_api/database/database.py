"""The database as the doors have it: snapshots to read, a writer to write, and the shelf of ledgers."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql_api.database import shelf
from graphql_api.database.book import forbidden
from graphql_api.database.engine import open_engines, outages_told
from graphql_api.database.idempotency import forget_old
from graphql_api.database.reader import Snapshot
from graphql_api.database.writer import Writer
from graphql_api.ledgers import calendar
from graphql_api.ledgers.principal import LOCAL, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from graphql_api.database.kinds import Kind
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.writer import Observer, Tally, Write
    from graphql_api.ledgers.model import Ledger
    from graphql_api.ledgers.principal import Principal


class Database:
    """Opened once a process. `kinds` are the kinds of entity by name.

    As it is opened, it is for who administers all of it. `acting_as` gives it as a principal has it.
    """

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
        self._principal: Principal | None = None
        self._source: Mapping[str, str] | None = None

    def acting_as(self, principal: Principal, source: Mapping[str, str] | None = None) -> Self:
        """The same database as a principal has it: ledgers that it is no member of are not there.

        `source` is kept with its changes: a few short texts such as the door and the request's id, and no secret.
        `LOCAL` has all ledgers.
        """
        view = copy(self)
        view._principal = None if principal is LOCAL else principal  # noqa: SLF001  it is one of us
        view._source = source  # noqa: SLF001  as above
        return view

    def snapshot(self) -> Snapshot:
        """One consistent view, to be used as an asynchronous context manager."""
        return Snapshot(self.engines.read, self._principal)

    async def write(self, ledger_id: int, write: Write) -> Outcome:
        """Do a write; returns after it is committed."""
        principal = self._principal
        if principal is not None:
            needed = Role.EDITOR if write.personal else Role.VIEWER
            if not principal.cap.reaches(needed):
                raise forbidden(principal.cap, needed)
            if not write.personal:
                # strangers are turned away before they can hold up anybody; the writer looks again under the lock
                async with self.snapshot() as snapshot:
                    await snapshot.ledger(ledger_id)
        envelope = replace(write.envelope, member=principal, source=self._told)
        return await self._writer.write(ledger_id, replace(write, envelope=envelope))

    async def create_ledger(self, subject: str, *, name: object, currency: object) -> Ledger:
        """A new ledger at version 1, or at 2 if a principal makes it, who becomes its owner."""
        owners = None
        if self._principal is not None:
            subject = self._principal.subject
            if not self._principal.cap.reaches(Role.EDITOR):
                raise forbidden(self._principal.cap, Role.EDITOR)
            owners = self.kinds["member"]
        return await shelf.create_ledger(
            self.engines.write, subject, name=name, currency=currency, owners=owners, source=self._told
        )

    @property
    def _told(self) -> str | None:
        return None if self._source is None else json.dumps(dict(self._source), ensure_ascii=False)

    async def forget_old_keys(self) -> int:
        """Delete idempotency keys past their time; gives how many."""
        with outages_told():
            async with self.engines.write.begin() as connection:
                return await forget_old(connection, calendar.now())

    async def close(self) -> None:
        """Finish the writes that wait, and close all connections."""
        await self._writer.close()
        await self.engines.dispose()
