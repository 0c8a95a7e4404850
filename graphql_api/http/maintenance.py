"""What the service does beside answering: once in about an hour it forgets idempotency keys past their time."""

from __future__ import annotations

import asyncio
import logging
import random
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

log = logging.getLogger("graphql_api.maintenance")

PERIOD = 3600.0
"""Seconds between two rounds, on average."""


@asynccontextmanager
async def maintenance(round_: Callable[[], Awaitable[int]], period: float = PERIOD) -> AsyncIterator[None]:
    """Run `round_` again and again while the block lasts. Its errors are logged, and it is tried the next time."""
    task = asyncio.create_task(_repeat(round_, period))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(round_: Callable[[], Awaitable[int]], period: float) -> None:
    while True:
        # many workers may have started at the same moment
        await asyncio.sleep(period * random.uniform(0.5, 1.5))  # noqa: S311  no secret
        try:
            forgotten = await round_()
        except Exception:
            log.exception("Old idempotency keys could not be forgotten.")
        else:
            log.debug("Forgot %d old idempotency keys.", forgotten)
