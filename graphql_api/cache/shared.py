"""What the processes share in Redis: values by key, asked for many at once, and sent in the background.

Redis is not believed: each value carries a digest of itself and of its key, and whatever does not match is not there.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextvars import Context
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter

from graphql_api.cache.breaker import Breaker
from graphql_api.cache.coalesce import Coalesced
from graphql_api.cache.redis import TIMEOUT
from graphql_api.ledgers.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from redis.asyncio import Redis

SECONDS = 3600
"""How long Redis keeps a value: at most, for it forgets sooner what it has no room for."""

LARGEST = 2**20
"""Bytes of the largest value that is sent to Redis."""

MOST_WAITING = 16 * 2**20
"""Bytes that wait to be sent to Redis at most; more are not sent."""

_AT_ONCE = 100
_PREFIX = b"expense:cache:"
_DIGEST = 16

Key = tuple[Any, ...]
"""Texts, numbers, None and tuples of them, so that its `repr` is the same in each process."""

_REJECTED = Counter("expense_cache_rejected", "Values in Redis that were not what they should be, and not believed.")


class Shared:
    """Redis as a cache of one process. `build` tells programs apart that would make other values of the same key."""

    def __init__(self, redis: Redis, build: bytes) -> None:
        """Begin with nothing asked for and nothing to send."""
        self._redis = redis
        self._build = build
        self._breaker = Breaker()
        self._reads: Coalesced[bytes, bytes] = Coalesced(
            self._read, content="redis", most=2 * TIMEOUT, patience=TIMEOUT
        )
        self._waiting: dict[bytes, bytes] = {}
        self._waiting_bytes = 0
        self._sender: asyncio.Task[None] | None = None

    async def get(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        """The values that are there, by key. Raises `Unavailable` if Redis does not answer."""
        if not self._breaker.closed:
            raise Unavailable("Redis is left alone for a while.")
        wanted = {key: self._name(key) for key in keys}
        values = await self._reads.get([name for name, _ in wanted.values()])
        found: dict[Key, bytes] = {}
        for key, (name, text) in wanted.items():
            value = values.get(name)
            if value is not None:
                body = unpack(text, value)
                if body is None:
                    _REJECTED.inc()
                else:
                    found[key] = body
        return found

    def put(self, key: Key, body: bytes) -> None:
        """Send a value soon, if there is room for it."""
        if len(body) > LARGEST or self._waiting_bytes + len(body) > MOST_WAITING or not self._breaker.closed:
            return
        name, text = self._name(key)
        value = pack(text, body)
        self._waiting_bytes += len(value) - len(self._waiting.get(name, b""))
        self._waiting[name] = value
        if self._sender is None:
            self._sender = asyncio.create_task(self._send(), context=Context())

    async def close(self) -> None:
        """End what is under way."""
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
                self._waiting_bytes -= sum(map(len, batch.values()))
                with self._breaker.watching():
                    pipeline = self._redis.pipeline(transaction=False)
                    for name, value in batch.items():
                        pipeline.set(name, value, ex=SECONDS)
                    await pipeline.execute()
        finally:
            self._sender = None


def pack(key: bytes, body: bytes) -> bytes:
    """The value for Redis of the body of a key."""
    return _digest(key, body) + body


def unpack(key: bytes, value: bytes) -> bytes | None:
    """The body that was packed for a key; None if the value is anything else."""
    body = value[_DIGEST:]
    return body if value[:_DIGEST] == _digest(key, body) else None


def _digest(key: bytes, body: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    digest.update(b"%d:" % len(key))
    digest.update(key)
    digest.update(body)
    return digest.digest()
