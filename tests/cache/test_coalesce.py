"""Reads made into few: who shares which, and who is told what when one fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from graphql_api.cache.coalesce import Coalesced
from graphql_api.ledgers.errors import Unavailable

pytestmark = pytest.mark.anyio


class Source:
    """Something slow to read: each read waits until it is let go, and gives what was true when it was sent."""

    def __init__(self) -> None:
        self.value = 0
        self.reads: list[list[int]] = []
        self.gates: list[asyncio.Event] = []
        self.errors: dict[int, Exception] = {}
        self.cancelled = 0

    async def read(self, keys: list[int]) -> dict[int, int]:
        """One read."""
        number, value = len(self.reads), self.value
        self.reads.append(sorted(keys))
        self.gates.append(asyncio.Event())
        try:
            await self.gates[number].wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if number in self.errors:
            raise self.errors[number]
        return dict.fromkeys(keys, value)

    async def sent(self, number: int) -> None:
        """Wait until so many reads were sent."""
        while len(self.reads) < number:  # noqa: ASYNC110  it is for the loop to go round, not for an event
            await asyncio.sleep(0)


@pytest.fixture
def source() -> Source:
    """A source."""
    return Source()


@pytest.fixture
async def coalesced(source: Source) -> AsyncIterator[Coalesced[int, int]]:
    """Reads of it that are patient enough for every test."""
    made: Coalesced[int, int] = Coalesced(source.read, content="numbers", most=60, patience=60)
    yield made
    await made.close()


def asking(coalesced: Coalesced[int, int], *keys: int) -> asyncio.Task[dict[int, int]]:
    """Somebody who asks."""

    async def ask() -> dict[int, int]:
        return dict(await coalesced.get(keys))

    return asyncio.create_task(ask())


async def test_all_who_ask_before_a_read_is_sent_share_it(source: Source, coalesced: Coalesced[int, int]) -> None:
    callers = [asking(coalesced, key % 3) for key in range(30)]
    await source.sent(1)
    source.gates[0].set()
    found = await asyncio.gather(*callers)
    assert source.reads == [[0, 1, 2]], "many keys are one read"
    assert all(key % 3 in answer for key, answer in enumerate(found))


async def test_nobody_gets_what_was_read_before_they_asked(source: Source, coalesced: Coalesced[int, int]) -> None:
    early = asking(coalesced, 1)
    await source.sent(1)
    source.value = 1  # written after the first read was sent, acknowledged before the next one asks
    late = [asking(coalesced, 1) for _ in range(10)]
    await asyncio.sleep(0.01)
    assert len(source.reads) == 1, "one at a time"
    source.gates[0].set()
    assert (await early)[1] == 0
    await source.sent(2)
    assert not any(task.done() for task in late)
    source.gates[1].set()
    assert [answer[1] for answer in await asyncio.gather(*late)] == [1] * 10
    assert source.reads == [[1], [1]]


async def test_an_error_is_that_of_its_own_callers(source: Source, coalesced: Coalesced[int, int]) -> None:
    first = [asking(coalesced, key) for key in (1, 2)]
    await source.sent(1)
    second = asking(coalesced, 3)
    source.errors[0] = ValueError("broken")
    source.gates[0].set()
    assert [type(one) for one in await asyncio.gather(*first, return_exceptions=True)] == [ValueError, ValueError]
    await source.sent(2)
    source.gates[1].set()
    assert await second == {3: 0}


async def test_one_who_leaves_leaves_the_others_their_read(source: Source, coalesced: Coalesced[int, int]) -> None:
    callers = [asking(coalesced, key) for key in range(4)]
    await source.sent(1)
    callers[0].cancel()
    callers[2].cancel()
    await asyncio.sleep(0)
    source.gates[0].set()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in found] == [True, False, True, False]
    assert source.cancelled == 0


async def test_what_nobody_waits_for_is_not_read(source: Source, coalesced: Coalesced[int, int]) -> None:
    first = asking(coalesced, 1)
    await source.sent(1)
    gone = asking(coalesced, 2)
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    source.gates[0].set()
    await first
    last = asking(coalesced, 3)
    await source.sent(2)
    source.gates[1].set()
    await last
    assert source.reads == [[1], [3]]


async def test_a_slow_read_does_not_hold_up_the_next_for_long(source: Source) -> None:
    coalesced: Coalesced[int, int] = Coalesced(source.read, content="numbers", most=60, patience=0.01)
    slow = asking(coalesced, 1)
    await source.sent(1)
    quick = asking(coalesced, 2)
    await source.sent(2)
    source.gates[1].set()
    assert await quick == {2: 0}
    third = asking(coalesced, 3)
    await source.sent(3)
    source.gates[2].set()
    assert await third == {3: 0}
    assert not slow.done()
    source.gates[0].set()
    assert await slow == {1: 0}
    await coalesced.close()


async def test_a_read_that_never_ends_is_ended(source: Source) -> None:
    coalesced: Coalesced[int, int] = Coalesced(source.read, content="numbers", most=0.01, patience=60)
    with pytest.raises(Unavailable, match="in time"):
        await coalesced.get([1])
    assert source.cancelled == 1
    again = asking(coalesced, 1)
    await source.sent(2)
    source.gates[1].set()
    assert await again == {1: 0}


async def test_closing_tells_all_who_wait(source: Source, coalesced: Coalesced[int, int]) -> None:
    callers = [asking(coalesced, 1)]
    await source.sent(1)
    callers.append(asking(coalesced, 2))
    await asyncio.sleep(0)
    await coalesced.close()
    found = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(one) for one in found] == [Unavailable, Unavailable]
