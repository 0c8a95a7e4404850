"""GraphQL documents that clients have sent once and then name by SHA-256, in memory and, if there is one, in Redis."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis.asyncio import Redis

MOST = 1000
"""Documents that a process keeps in memory."""

LONGEST = 20_000
"""Characters of a document that is kept; a longer one has to be sent each time."""

SECONDS = 86_400
"""How long Redis keeps one that nobody asks for."""

_PREFIX = "expense:document:"


class SentDocuments:
    """By hash. Redis is asked when memory does not know one, and its failure is the same as not knowing."""

    def __init__(self, redis: Redis | None) -> None:
        """Begin with none in memory."""
        self._redis = redis
        self._kept: OrderedDict[str, str] = OrderedDict()

    async def get(self, digest: str) -> str | None:
        """The text of that hash, None if it is not known."""
        text = self._kept.get(digest)
        if text is not None:
            self._kept.move_to_end(digest)
            return text
        if self._redis is None:
            return None
        from redis.exceptions import RedisError  # noqa: PLC0415  imported with the client, if there is one

        try:
            found = await self._redis.getex(_PREFIX + digest, ex=SECONDS)
        except (RedisError, OSError, TimeoutError):
            return None
        if found is None:
            return None
        text = found.decode() if isinstance(found, bytes) else str(found)
        self._keep(digest, text)
        return text

    async def put(self, digest: str, text: str) -> None:
        """Keep a text under its hash, which the caller has checked."""
        if len(text) > LONGEST or digest in self._kept:
            return
        self._keep(digest, text)
        if self._redis is None:
            return
        from redis.exceptions import RedisError  # noqa: PLC0415  as above

        try:
            await self._redis.set(_PREFIX + digest, text, ex=SECONDS)
        except (RedisError, OSError, TimeoutError):
            return  # this process has it

    def _keep(self, digest: str, text: str) -> None:
        self._kept[digest] = text
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
