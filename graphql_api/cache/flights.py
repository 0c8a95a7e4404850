"""Single flight: callers that want the same thing at the same time share the making of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from typing import Any

V = TypeVar("V")


@dataclass(slots=True)
class _Flight(Generic[V]):
    task: asyncio.Task[V]
    waiters: int = 0


class Flights(Generic[V]):
    """What is being made, by key."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._flights: dict[Hashable, _Flight[V]] = {}
        self._tasks: set[asyncio.Task[V]] = set()

    async def join(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """What is being made under the key, or what `make` makes; raises what that raises, to all who wait for it.

        A caller that is cancelled leaves the others theirs; when none is left, the making is cancelled too.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(make()))
            self._tasks.add(flight.task)
            flight.task.add_done_callback(lambda task: self._land(key, task))
        flight.waiters += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiters -= 1
            if not flight.waiters and not flight.task.done():
                # who comes now must not board what is being cancelled
                self._leave(key, flight.task)
                flight.task.cancel()

    def is_under_way(self, key: Hashable) -> bool:
        """Whether somebody is making what belongs to the key."""
        return key in self._flights

    def _land(self, key: Hashable, task: asyncio.Task[V]) -> None:
        self._tasks.discard(task)
        self._leave(key, task)
        if not task.cancelled():
            task.exception()  # the callers have it, or are gone

    def _leave(self, key: Hashable, task: asyncio.Task[V]) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
