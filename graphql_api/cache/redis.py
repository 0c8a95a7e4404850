"""The connection to Redis, with bounds that keep a lost or slow one from holding up a request."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import SecretStr
    from redis.asyncio import Redis

TIMEOUT = 0.25
"""Seconds that connecting and each command may take."""

CONNECTIONS = 20
"""Connections of a process at most."""


@asynccontextmanager
async def open_redis(url: SecretStr | None) -> AsyncIterator[Redis | None]:
    """A client that connects when it is first used, and tries nothing twice; None without an address."""
    if url is None:
        yield None
        return
    # its import is a good part of the start, and most who run this on one machine have no Redis
    from redis.asyncio import Redis  # noqa: PLC0415
    from redis.asyncio.retry import Retry  # noqa: PLC0415
    from redis.backoff import NoBackoff  # noqa: PLC0415

    client = Redis.from_url(
        url.get_secret_value(),
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        max_connections=CONNECTIONS,
    )
    try:
        yield client
    finally:
        await client.aclose()
