"""A budget for each principal: a bucket that fills at a steady rate, and from which each request takes its cost.

In Redis when there is one, so that all replicas share it, by a script that runs as one step and reads Redis's own
clock. In the process's memory otherwise, and while Redis does not answer: then each process has a bucket of its own.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from prometheus_client import Counter

from graphql_api.cache.breaker import Breaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis.asyncio import Redis
    from redis.commands.core import AsyncScript

MOST_BUCKETS = 10_000
"""Buckets that a process keeps in memory; the one that was used longest ago is forgotten, and full again."""

_PREFIX = "expense:budget:"

_FALLBACKS = Counter("expense_budget_fallbacks", "Requests that were charged in memory because Redis failed.")

_TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local capacity, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(kept[1]) or capacity, tonumber(kept[2]) or now
left = math.min(capacity, left + math.max(0, now - at) * rate)
local taken = left >= cost
if taken then left = math.min(capacity, left - cost) end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', left), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - left) / rate * 1000) + 1000)
return {taken and 1 or 0, string.format('%.6f', left)}
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the cost was taken, and what is left in the bucket."""

    allowed: bool
    left: float


class MemoryBuckets:
    """Buckets of this process. `capacity` is a cost, `rate` a cost a second."""

    def __init__(self, capacity: int, rate: int, clock: Callable[[], float] = monotonic) -> None:
        """Begin with all buckets full."""
        self.capacity = capacity
        self.rate = rate
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str, cost: int) -> Taken:
        """Take a cost if there is so much; a negative one is given back."""
        now = self._clock()
        left, at = self._kept.pop(key, (float(self.capacity), now))
        left = min(self.capacity, left + (now - at) * self.rate)
        allowed = left >= cost
        if allowed:
            left = min(self.capacity, left - cost)
        self._kept[key] = (left, now)
        if len(self._kept) > MOST_BUCKETS:
            self._kept.popitem(last=False)
        return Taken(allowed, left)

    def seconds_until(self, cost: int, left: float) -> int:
        """Whole seconds until a bucket with so much left holds a cost, at least one."""
        return max(1, math.ceil((cost - left) / self.rate))


class RedisBuckets(MemoryBuckets):
    """Buckets that all processes share while Redis answers."""

    def __init__(self, redis: Redis, capacity: int, rate: int, clock: Callable[[], float] = monotonic) -> None:
        """Take the client; nothing is sent yet."""
        super().__init__(capacity, rate, clock)
        self._script: AsyncScript = redis.register_script(_TAKE)
        self._breaker = Breaker(clock)

    async def take(self, key: str, cost: int) -> Taken:
        """Take a cost from the shared bucket, or from this process's own if Redis fails."""
        if self._breaker.closed:
            name = _PREFIX + hashlib.sha256(key.encode()).hexdigest()[:32]
            with self._breaker.watching():
                allowed, left = await self._script(keys=[name], args=[self.capacity, self.rate, cost])
                return Taken(bool(allowed), float(left))
        _FALLBACKS.inc()
        return await super().take(key, cost)


def open_buckets(redis: Redis | None, capacity: int, rate: int) -> MemoryBuckets | None:
    """The buckets that the settings ask for; None if the rate is 0."""
    if not rate:
        return None
    return MemoryBuckets(capacity, rate) if redis is None else RedisBuckets(redis, capacity, rate)
