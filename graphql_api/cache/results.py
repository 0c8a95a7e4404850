"""Answers that were worked out before: in the process's memory, then in Redis, which other processes fill too.

The key holds the versions of all that an answer was read from, so an answer may be lost but cannot be stale.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.cache.lookups import Lookups
from graphql_api.cache.memory import Memory
from graphql_api.ledgers.errors import Unavailable

if TYPE_CHECKING:
    from graphql_api.cache.shared import Key, Shared

_HEAD = struct.Struct(">QH")
_ENTRY_BYTES = 400  # Python's own for an entry, its key and its numbers
_IN_MEMORY = Lookups("answers", "memory")
_IN_REDIS = Lookups("answers", "redis")


@dataclass(frozen=True, slots=True)
class Result:
    """The JSON text of an answer's `data`, what it cost to make, and the ledgers that it tells the versions of."""

    data: bytes
    cost: int
    ledgers: tuple[int, ...]


class Results:
    """Of one process. `most` are the bytes of memory."""

    def __init__(self, most: int, shared: Shared | None) -> None:
        """Begin with an empty memory."""
        self._memory: Memory[Result] = Memory("answers", most)
        self._shared = shared

    def recall(self, key: Key) -> Result | None:
        """What memory has."""
        found = self._memory.get(key)
        if found is None:
            _IN_MEMORY.missed()
        else:
            _IN_MEMORY.hit(len(found.data))
        return found

    async def fetch(self, key: Key) -> Result | None:
        """What Redis has, and memory from then on."""
        if self._shared is None:
            return None
        try:
            body = (await self._shared.get([key])).get(key)
        except Unavailable:
            _IN_REDIS.failed()
            return None
        if body is None:
            _IN_REDIS.missed()
            return None
        found = _unpack(body)
        _IN_REDIS.hit(len(found.data))
        self._remember(key, found)
        return found

    def keep(self, key: Key, result: Result) -> None:
        """Keep an answer; Redis is given it later."""
        self._remember(key, result)
        if self._shared is not None:
            self._shared.put(key, _pack(result))

    def _remember(self, key: Key, result: Result) -> None:
        texts = sum(len(part) for part in key if isinstance(part, str))
        self._memory.put(key, result, len(result.data) + texts + _ENTRY_BYTES)


def _pack(result: Result) -> bytes:
    count = len(result.ledgers)
    return _HEAD.pack(result.cost, count) + struct.pack(f">{count}q", *result.ledgers) + result.data


def _unpack(body: bytes) -> Result:
    cost, count = _HEAD.unpack_from(body)
    return Result(body[_HEAD.size + 8 * count :], cost, struct.unpack_from(f">{count}q", body, _HEAD.size))
