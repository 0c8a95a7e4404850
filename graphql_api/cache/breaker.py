"""A breaker before Redis: after a failure it is left alone for a while, so that a lost one costs requests nothing."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAUSE = 1.0
"""Seconds that Redis is left alone after it failed."""


class Breaker:
    """Open while Redis is left alone: `closed` says whether it may be asked."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin closed."""
        self._clock = clock
        self._silent_until = float("-inf")

    @property
    def closed(self) -> bool:
        """Whether Redis may be asked."""
        return self._clock() >= self._silent_until

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Swallow a failure of Redis in the block, and open; the block ends where it failed."""
        from redis.exceptions import RedisError  # noqa: PLC0415  imported with the client, if there is one

        try:
            yield
        except (RedisError, OSError, TimeoutError):
            self._silent_until = self._clock() + PAUSE
