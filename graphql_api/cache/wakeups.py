"""Wakes whoever waits for a ledger's next version.

At once for a commit of this process, through Redis for one of another, and within a second in any case, because the
versions that are listened for are read that often. A wake-up carries nothing to rely on: whoever is woken reads from
the database what came after the place it knows, so one that is lost only delays, and one too many costs a read.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context
from typing import TYPE_CHECKING

from graphql_api.cache.breaker import PAUSE, Breaker
from graphql_api.ledgers.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from redis.asyncio import Redis

    from graphql_api.database.database import Database
    from graphql_api.database.writer import Observer

POLL = 1.0
"""Seconds between two reads of the versions that are listened for; nothing is read while nobody listens."""

CHANNEL = "expense:wakeups"

_QUIET = 5.0

_log = logging.getLogger(__name__)


class Listener:
    """One who waits for a ledger. Call `hush` before reading and `wait` after it, and no commit is missed."""

    def __init__(self) -> None:
        """Begin without a wake-up."""
        self._event = asyncio.Event()

    def hush(self) -> None:
        """Forget the wake-ups so far: what they were for is read next."""
        self._event.clear()

    def wake(self) -> None:
        """There may be something new."""
        self._event.set()

    async def wait(self) -> None:
        """Return when there may be something new since `hush`."""
        await self._event.wait()


class Wakeups:
    """Those of one process. `poll` is in seconds."""

    def __init__(self, poll: float = POLL) -> None:
        """Begin with no listener, and without Redis."""
        self._poll = poll
        self._listeners: dict[int, set[Listener]] = {}
        self._seen: dict[int, int] = {}
        self._redis: Redis | None = None
        self._unsent: dict[int, int] = {}
        self._sender: asyncio.Task[None] | None = None
        self._breaker = Breaker()
        self._anyone = asyncio.Event()

    @contextmanager
    def listening(self, ledger_id: int) -> Iterator[Listener]:
        """A listener of a ledger, for as long as the block lasts."""
        listener = Listener()
        self._listeners.setdefault(ledger_id, set()).add(listener)
        self._anyone.set()
        try:
            yield listener
        finally:
            others = self._listeners[ledger_id]
            others.discard(listener)
            if not others:
                del self._listeners[ledger_id]
                self._seen.pop(ledger_id, None)
            if not self._listeners:
                self._anyone.clear()

    def committed(self, ledger_id: int, version: int) -> None:
        """This process has committed a version: wake who listens here, and tell the other processes."""
        if ledger_id in self._listeners:
            self._seen[ledger_id] = version
            self._wake(ledger_id)
        if self._redis is not None:
            self._unsent[ledger_id] = version
            if self._sender is None or self._sender.done():
                self._sender = asyncio.create_task(self._send(self._redis), context=Context())

    @asynccontextmanager
    async def running(self, database: Database, redis: Redis | None) -> AsyncIterator[None]:
        """Look for commits of other processes for as long as the block lasts."""
        self._redis = redis
        tasks = [asyncio.create_task(self._look(database))]
        if redis is not None:
            tasks.append(asyncio.create_task(self._hear(redis)))
        try:
            yield
        finally:
            self._redis = None
            if self._sender is not None:
                tasks.append(self._sender)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _wake(self, ledger_id: int) -> None:
        for listener in self._listeners.get(ledger_id, ()):
            listener.wake()

    async def _look(self, database: Database) -> None:
        while True:
            await self._anyone.wait()
            wanted = list(self._listeners)
            try:
                async with database.snapshot() as snapshot:
                    found = await snapshot.ledgers(wanted)
            except LedgerError:
                _log.debug("The versions could not be read; they are read again.")
                found = {}
            except Exception:  # noqa: BLE001  whatever it is, others listen on
                _log.exception("The versions could not be read; they are read again.")
                found = {}
            for ledger_id, ledger in found.items():
                # not only a higher one: a database may have been set back
                if ledger_id in self._listeners and self._seen.get(ledger_id) != ledger.version:
                    self._seen[ledger_id] = ledger.version
                    self._wake(ledger_id)
            await asyncio.sleep(self._poll)

    async def _hear(self, redis: Redis) -> None:
        from redis.exceptions import RedisError  # noqa: PLC0415  imported with the client, if there is one

        while True:
            try:
                async with redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    while True:
                        message = await channel.get_message(timeout=_QUIET)
                        if message is not None:
                            self._heard(message["data"])
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(PAUSE)

    def _heard(self, data: bytes) -> None:
        ledger_id, _, version = data.partition(b":")
        # a commit of this process comes back to it, and has woken everybody already
        if ledger_id.isdigit() and version.isdigit() and self._seen.get(int(ledger_id)) != int(version):
            self._wake(int(ledger_id))

    async def _send(self, redis: Redis) -> None:
        while self._unsent:
            unsent, self._unsent = self._unsent, {}
            if not self._breaker.closed:
                continue
            with self._breaker.watching():
                async with redis.pipeline(transaction=False) as pipe:
                    for ledger_id, version in unsent.items():
                        pipe.publish(CHANNEL, f"{ledger_id}:{version}")
                    await pipe.execute()


class Announcing:
    """An observer of the writer that tells another one and the wake-ups."""

    def __init__(self, observer: Observer, wakeups: Wakeups) -> None:
        """Take both."""
        self._observer = observer
        self._wakeups = wakeups
        self.retried = observer.retried

    def committed(self, ledger_id: int, version: int, writes: int, steps: int) -> None:
        """A group of writes stands."""
        self._wakeups.committed(ledger_id, version)
        self._observer.committed(ledger_id, version, writes, steps)
