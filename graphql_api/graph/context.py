"""What every resolver of one request shares: who asks, one snapshot, and the loaders upon it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from strawberry.dataloader import DataLoader
from strawberry.types import Info

from graphql_api.database.history import ledger_as_of, version_at
from graphql_api.database.idempotency import idempotency_key
from graphql_api.database.states import by_ids
from graphql_api.database.writer import Envelope
from graphql_api.ledgers import calendar
from graphql_api.ledgers.ids import parse_ledger_id
from graphql_api.ledgers.model import Entity
from graphql_api.ledgers.principal import own_ledger
from graphql_api.telemetry.tracing import span

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime

    from graphql_api.cache.entities import Entities
    from graphql_api.database.database import Database
    from graphql_api.database.kinds import Kind
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.reader import Snapshot
    from graphql_api.database.writer import Write
    from graphql_api.graph.node import NodeTypes
    from graphql_api.graph.stream import Stream
    from graphql_api.ledgers.model import Ledger
    from graphql_api.ledgers.principal import Principal

E = TypeVar("E", bound=Entity)


@dataclass(slots=True)
class Context:
    """One request's, or one subscription's with its `stream`.

    `cached` are entities that other requests have read, None where nothing is
    kept. `told` are the versions of ledgers that it has written, or read before it wrote.
    """

    database: Database
    principal: Principal
    nodes: NodeTypes
    cached: Entities | None = None
    stream: Stream | None = None
    snapshot: Snapshot = field(init=False)
    told: dict[int, int] = field(default_factory=dict)
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with a snapshot that the first read opens."""
        self.snapshot = self.database.snapshot()

    async def close(self) -> None:
        """Give the snapshot's connection back."""
        await self.snapshot.close()

    async def abort(self) -> None:
        """End what is being read, because nobody waits for it any more."""
        await self.snapshot.abort()

    async def renew(self) -> None:
        """Read what was written since: a mutation's answer shows its own write."""
        await self.snapshot.close()
        self.told |= {ledger.id: ledger.version for ledger in self.snapshot.seen}
        self.snapshot = self.database.snapshot()
        self._loaders.clear()

    def loader(self, key: Any, load: Callable[[list[Any]], Coroutine[Any, Any, Sequence[Any]]]) -> DataLoader[Any, Any]:
        """The request's loader of that key, made by `load` at its first use."""
        found = self._loaders.get(key)
        if found is None:
            found = self._loaders[key] = DataLoader(load)
        return found

    async def entity(self, kind: Kind[E], ledger_id: int, entity_id: int, as_of: int | None) -> E | None:
        """An entity as it was, deleted or not; all that are asked for at once are read in one statement."""

        async def load(ids: list[int]) -> list[E | None]:
            with span(f"load {kind.name}", entities=len(ids)):
                return await self._load(kind, ledger_id, ids, as_of)

        found: E | None = await self.loader((kind.name, ledger_id, as_of), load).load(entity_id)
        return found

    async def _load(self, kind: Kind[E], ledger_id: int, ids: list[int], as_of: int | None) -> list[E | None]:
        if self.cached is None or as_of is not None:  # the past can be purged without a trace in a kind's version
            found = await by_ids(self.snapshot, kind, ledger_id, ids, as_of)
        else:
            found = await self.cached.get(self.snapshot, kind, ledger_id, ids)
        return [found.get(one) for one in ids]

    async def entities(self, kind: Kind[E], ledger_id: int, ids: Sequence[int], as_of: int | None) -> list[E]:
        """Those of the entities that are there and not deleted, in order."""
        found = await asyncio.gather(*(self.entity(kind, ledger_id, entity_id, as_of) for entity_id in ids))
        return [entity for entity in found if entity is not None and not entity.deleted]

    def ledger_id(self, text: str | None, *path: str | int) -> int:
        """The number of the ledger that a client names, or of the principal's own."""
        return own_ledger(self.principal, *path) if text is None else parse_ledger_id(text, *path)

    async def ledger(self, ledger_id: int, version: int | None = None, moment: datetime | None = None) -> Viewed:
        """A ledger at present, at a version or at an instant."""
        present = await self.snapshot.ledger(ledger_id)
        if moment is not None:
            version = await version_at(self.snapshot, present, calendar.instant(moment))
        if version is None or version == present.version:
            return Viewed(present, None)
        return Viewed(await ledger_as_of(self.snapshot, present, version), version)

    def envelope(self, operation: str, request: Any, key: str | None, *, dry_run: bool = False) -> Envelope:
        """Who writes, and the fingerprint of what is asked for."""
        subject = self.principal.subject
        return Envelope(subject, idempotency_key(subject, key, operation, request), dry_run)

    async def write(self, ledger_id: int, write: Write) -> Outcome:
        """Do a write, then read anew; its version is told with the answer."""
        try:
            outcome = await self.database.write(ledger_id, write)
        finally:
            await self.renew()
        self.told[ledger_id] = outcome.version
        return outcome

    async def versions(self) -> dict[int, int]:
        """The version of each ledger that the answer is of: all that were read or written, else the principal's own."""
        if not self.told and not self.snapshot.seen and self.principal.ledger_id is not None:
            await self.snapshot.ledgers([self.principal.ledger_id])
        return self.told | {ledger.id: ledger.version for ledger in self.snapshot.seen}


@dataclass(frozen=True, slots=True)
class Viewed:
    """A ledger with the version that it is looked at, None for the present."""

    ledger: Ledger
    as_of: int | None


GraphInfo = Info[Context, None]
