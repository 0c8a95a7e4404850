"""Single flight: one makes it, all have it, and who leaves leaves it to the others."""

from __future__ import annotations

import asyncio

import pytest

from graphql_api.cache.flights import Flights

pytestmark = pytest.mark.anyio


class Maker:
    """Makes a number when it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.cancelled = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def make(self) -> int:
        """The number of this making."""
        self.begun += 1
        number = self.begun
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        return number


async def test_those_who_want_the_same_share_it() -> None:
    flights, maker = Flights[int](), Maker()
    same = [asyncio.create_task(flights.join("a", maker.make)) for _ in range(5)]
    other = asyncio.create_task(flights.join("b", maker.make))
    await asyncio.sleep(0.01)
    maker.gate.set()
    assert await asyncio.gather(*same) == [1] * 5
    assert await other == 2
    assert await flights.join("a", maker.make) == 3, "what has landed is made anew"


async def test_an_error_is_told_to_all_and_not_kept() -> None:
    flights, maker = Flights[int](), Maker()
    maker.error = ValueError("broken")
    callers = [asyncio.create_task(flights.join("a", maker.make)) for _ in range(3)]
    await asyncio.sleep(0.01)
    maker.gate.set()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(one) for one in found] == [ValueError] * 3
    maker.error = None
    assert await flights.join("a", maker.make) == 2


async def test_whoever_leaves_the_others_have_it() -> None:
    flights, maker = Flights[int](), Maker()
    first, second = (asyncio.create_task(flights.join("a", maker.make)) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    maker.gate.set()
    assert await second == 1
    assert (first.cancelled(), maker.cancelled) == (True, 0)


async def test_what_nobody_waits_for_is_cancelled_and_begun_anew() -> None:
    flights, maker = Flights[int](), Maker()
    only = asyncio.create_task(flights.join("a", maker.make))
    await asyncio.sleep(0.01)
    only.cancel()
    await asyncio.gather(only, return_exceptions=True)
    late = asyncio.create_task(flights.join("a", maker.make))
    await asyncio.sleep(0.01)
    maker.gate.set()
    assert await late == 2
    assert maker.cancelled == 1
