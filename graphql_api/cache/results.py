"""Answers that were worked out before: in the process's memory, then in Redis, which other processes fill too.

The key holds the versions of all that an answer was read from, so an answer may be lost but cannot be stale. Redis is
not believed: each value carries a digest of itself and of its key, and whatever does not match is not there.
"""

from __future__ import annotations

import asyncio
import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter

from graphql_api.cache.breaker import Breaker
from graphql_api.cache.coalesce import Coalesced
from graphql_api.cache.memory import Memory
from graphql_api.cache.redis import TIMEOUT
from graphql_api.ledgers.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redis.asyncio import Redis

SECONDS = 3600
"""How long Redis keeps an answer: at most, for it forgets sooner what it has no room for."""

LARGEST_SHARED = 2**20
"""Bytes of the largest answer that is sent to Redis."""

MOST_WAITING = 200
"""Answers that wait to be sent to Redis at most; more are not sent."""

_AT_ONCE = 50
_PREFIX = b"expense:answer:"
_DIGEST = 16
_HEAD = struct.Struct(">QH")
_ENTRY_BYTES = 400  # Python's own for an entry, its key and its numbers

Key = tuple[Any, ...]
"""Texts, numbers, None and tuples of them, so that its `repr` is the same in each process."""

_LOOKUPS = Counter("expense_cache_lookups", "Answers looked for in a layer of the cache.", ("layer", "outcome"))
_SERVED = Counter("expense_cache_served_bytes", "Bytes of answers that a layer of the cache gave.", ("layer",))
_REJECTED = Counter("expense_cache_rejected", "Answers in Redis that were not what they should be, and not believed.")
_MEMORY_HITS, _MEMORY_MISSES = _LOOKUPS.labels("memory", "hit"), _LOOKUPS.labels("memory", "miss")
_REDIS_HITS, _REDIS_MISSES = _LOOKUPS.labels("redis", "hit"), _LOOKUPS.labels("redis", "miss")
_REDIS_FAILURES = _LOOKUPS.labels("redis", "failure")
_MEMORY_BYTES, _REDIS_BYTES = _SERVED.labels("memory"), _SERVED.labels("redis")


@dataclass(frozen=True, slots=True)
class Result:
    """The JSON text of an answer's `data`, what it cost to make, and the ledgers that it tells the versions of."""

    data: bytes
    cost: int
    ledgers: tuple[int, ...]


class Results:
    """Of one process. `most` are the bytes of memory; `build` tells programs apart that answer otherwise."""

    def __init__(self, most: int, redis: Redis | None, build: bytes) -> None:
        """Begin with an empty memory."""
        self._memory: Memory[Result] = Memory(most)
        self._shared = None if redis is None else _Shared(redis, build)

    def recall(self, key: Key) -> Result | None:
        """What memory has."""
        found = self._memory.get(key)
        if found is None:
            _MEMORY_MISSES.inc()
        else:
            _MEMORY_HITS.inc()
            _MEMORY_BYTES.inc(len(found.data))
        return found

    async def fetch(self, key: Key) -> Result | None:
        """What Redis has, and memory from then on."""
        found = None if self._shared is None else await self._shared.get(key)
        if found is not None:
            self._remember(key, found)
        return found

    def keep(self, key: Key, result: Result) -> None:
        """Keep an answer; Redis is given it later."""
        self._remember(key, result)
        if self._shared is not None:
            self._shared.put(key, result)

    async def close(self) -> None:
        """End what is under way."""
        if self._shared is not None:
            await self._shared.close()

    def _remember(self, key: Key, result: Result) -> None:
        texts = sum(len(part) for part in key if isinstance(part, str))
        self._memory.put(key, result, len(result.data) + texts + _ENTRY_BYTES)


class _Shared:
    """Redis, asked for many at once, and told in the background."""

    def __init__(self, redis: Redis, build: bytes) -> None:
        self._redis = redis
        self._build = build
        self._breaker = Breaker()
        self._reads: Coalesced[bytes, bytes] = Coalesced(self._read, most=2 * TIMEOUT, patience=TIMEOUT)
        self._waiting: dict[bytes, bytes] = {}
        self._sender: asyncio.Task[None] | None = None

    async def get(self, key: Key) -> Result | None:
        if not self._breaker.closed:
            _REDIS_FAILURES.inc()
            return None
        name, text = self._name(key)
        try:
            value = (await self._reads.get([name])).get(name)
        except Unavailable:
            _REDIS_FAILURES.inc()
            return None
        found = None if value is None else unpack(text, value)
        if found is None:
            _REJECTED.inc(value is not None)
            _REDIS_MISSES.inc()
        else:
            _REDIS_HITS.inc()
            _REDIS_BYTES.inc(len(found.data))
        return found

    def put(self, key: Key, result: Result) -> None:
        if len(result.data) > LARGEST_SHARED or len(self._waiting) >= MOST_WAITING or not self._breaker.closed:
            return
        name, text = self._name(key)
        self._waiting[name] = pack(text, result)
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())

    async def close(self) -> None:
        await self._reads.close()
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    def _name(self, key: Key) -> tuple[bytes, bytes]:
        text = self._build + repr(key).encode("utf-8", "surrogatepass")
        return _PREFIX + hashlib.blake2b(text, digest_size=_DIGEST).hexdigest().encode(), text

    async def _read(self, names: list[bytes]) -> Mapping[bytes, bytes]:
        with self._breaker.watching():
            values = await self._redis.mget(names)
            return {name: value for name, value in zip(names, values, strict=True) if isinstance(value, bytes)}
        raise Unavailable("Redis does not answer.")

    async def _send(self) -> None:
        try:
            while self._waiting:
                names = list(self._waiting)[:_AT_ONCE]
                batch = {name: self._waiting.pop(name) for name in names}
                with self._breaker.watching():
                    pipeline = self._redis.pipeline(transaction=False)
                    for name, value in batch.items():
                        pipeline.set(name, value, ex=SECONDS)
                    await pipeline.execute()
        finally:
            self._sender = None


def pack(key: bytes, result: Result) -> bytes:
    """The value for Redis of the answer to a key."""
    numbers = _HEAD.pack(result.cost, len(result.ledgers)) + struct.pack(f">{len(result.ledgers)}q", *result.ledgers)
    body = numbers + result.data
    return _digest(key, body) + body


def unpack(key: bytes, value: bytes) -> Result | None:
    """The answer to a key that was packed; None if the value is anything else."""
    body = value[_DIGEST:]
    if len(body) < _HEAD.size or value[:_DIGEST] != _digest(key, body):
        return None
    cost, count = _HEAD.unpack_from(body)
    start = _HEAD.size + 8 * count
    return Result(body[start:], cost, struct.unpack_from(f">{count}q", body, _HEAD.size))


def _digest(key: bytes, body: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    digest.update(b"%d:" % len(key))
    digest.update(key)
    digest.update(body)
    return digest.digest()
