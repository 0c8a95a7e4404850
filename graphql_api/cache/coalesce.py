"""Reads of many callers made into few: what is asked for while one read is under way goes into the next one.

A caller only gets what was read by a read that was sent after it asked. So whoever has to know how things stand now
may ask here, and a burst of callers costs one read.
"""

from __future__ import annotations

import asyncio
from contextvars import Context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from prometheus_client import Counter

from graphql_api.ledgers.errors import Unavailable
from graphql_api.telemetry.tracing import traced_context

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

K = TypeVar("K")
V = TypeVar("V")

PATIENCE = 0.25
"""Seconds after which a read that has not ended holds up the next one no longer."""

_ASKED = Counter("expense_coalesced_requests", "Callers that asked for a value by a shared read.", ("content",))
_SENT = Counter("expense_coalesced_reads", "Reads that were sent for them.", ("content",))

_CLOSING = "The service is shutting down; nothing was changed. Try again."


@dataclass(slots=True)
class _Batch(Generic[K, V]):
    keys: dict[K, None] = field(default_factory=dict)
    waiters: list[asyncio.Future[Mapping[K, V]]] = field(default_factory=list)
    context: Context | None = field(default_factory=traced_context)

    @property
    def is_wanted(self) -> bool:
        return any(not waiter.done() for waiter in self.waiters)

    def settle(self, found: Mapping[K, V]) -> None:
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(found)

    def fail(self, error: BaseException) -> None:
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_exception(error)
                waiter.exception()  # one whose caller is cancelled just now is nobody's, and no reason for a log line


class Coalesced(Generic[K, V]):
    """Asks `read` for many keys at once; it gives the values that there are, by key.

    One read is under way at a time, or more if one takes longer than `patience` seconds; each is ended after `most`.
    """

    def __init__(
        self,
        read: Callable[[list[K]], Awaitable[Mapping[K, V]]],
        *,
        content: str,
        most: float,
        patience: float = PATIENCE,
    ) -> None:
        """Begin with nothing asked for; `content` is what metrics call that which is read."""
        self._read = read
        self._asked = _ASKED.labels(content)
        self._sent = _SENT.labels(content)
        self._most = most
        self._patience = patience
        self._next: _Batch[K, V] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, keys: Iterable[K]) -> Mapping[K, V]:
        """The values of the keys, and perhaps of others, as a read finds them that is sent from now on.

        Raises whatever that read raises, `Unavailable` if it takes too long. A caller that is cancelled leaves the
        others their read.
        """
        if self._next is None:
            self._next = _Batch()
        waiter: asyncio.Future[Mapping[K, V]] = asyncio.get_running_loop().create_future()
        self._next.keys.update(dict.fromkeys(keys))
        self._next.waiters.append(waiter)
        self._asked.inc()
        if self._sender is None:
            self._start()
        return await waiter

    async def close(self) -> None:
        """End what is under way."""
        while self._tasks:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._next is not None:
            batch, self._next = self._next, None
            batch.fail(Unavailable(_CLOSING))

    def _start(self) -> None:
        self._sender = asyncio.create_task(self._send_all(), context=Context())
        self._tasks.add(self._sender)
        self._sender.add_done_callback(self._tasks.discard)

    async def _send_all(self) -> None:
        own = asyncio.current_task()
        loop = asyncio.get_running_loop()
        while self._sender is own:
            batch, self._next = self._next, None
            if batch is None:
                self._sender = None
                return
            if batch.is_wanted:
                timer = loop.call_later(self._patience, self._pass_over, own)
                try:
                    read = self._send(batch)
                    await (read if batch.context is None else asyncio.create_task(read, context=batch.context))
                finally:
                    timer.cancel()

    def _pass_over(self, slow: asyncio.Task[None] | None) -> None:
        """Let others read while a slow read goes on."""
        if self._sender is slow:
            self._start()

    async def _send(self, batch: _Batch[K, V]) -> None:
        self._sent.inc()
        try:
            async with asyncio.timeout(self._most):
                found = await self._read(list(batch.keys))
        except TimeoutError:
            batch.fail(Unavailable("The database does not answer in time; nothing was changed. Try again."))
        except asyncio.CancelledError:
            batch.fail(Unavailable(_CLOSING))
            raise
        except Exception as error:  # noqa: BLE001  each caller of this read gets it
            batch.fail(error)
        else:
            batch.settle(found)
