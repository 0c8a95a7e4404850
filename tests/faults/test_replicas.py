"""Two replicas share a database and a Redis that fails in every way: whoever reads after an acknowledgement sees it."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.faults.conftest import Serve
from tests.faults.readers import Seen, reading
from tests.faults.service import Service
from tests.faults.writers import Ledgered, check, until, writing

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(7200)]

SEED = 20261127
GARBAGE = (b"", b"garbage", b"\x00" * 100, b"{}", b"\xff" * 10_000)


async def flushed(redis: Redis, _: random.Random) -> None:
    """All is forgotten."""
    await redis.flushall()


async def hung(redis: Redis, choices: random.Random) -> None:
    """It says nothing for longer than anybody waits."""
    await redis.client_pause(choices.randint(300, 900))


async def cut(redis: Redis, _: random.Random) -> None:
    """All connections are closed."""
    await redis.client_kill_filter(_type="normal", skipme=True)


async def spoilt(redis: Redis, choices: random.Random) -> None:
    """What is kept is something else now."""
    for key in await redis.keys("*"):
        if await redis.type(key) == b"string":
            await redis.set(key, choices.choice(GARBAGE), keepttl=True)


async def swapped(redis: Redis, choices: random.Random) -> None:
    """What is kept under one key is what was kept under another."""
    keys = [key for key in await redis.keys("*") if await redis.type(key) == b"string"]
    values = [await redis.get(key) for key in keys]
    choices.shuffle(values)
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            await redis.set(key, value, keepttl=True)


async def full(redis: Redis, _: random.Random) -> None:
    """Nothing more can be kept."""
    await redis.config_set("maxmemory", "1mb")
    await redis.config_set("maxmemory-policy", "noeviction")
    await asyncio.sleep(0.3)
    await redis.config_set("maxmemory", "0")


FAULTS: tuple[Callable[[Redis, random.Random], Awaitable[None]], ...] = (flushed, hung, cut, spoilt, swapped, full)


async def test_what_is_acknowledged_is_seen_by_whoever_asks_later(
    serve: Serve, ledger_url: str, redis_url: str, request: pytest.FixtureRequest
) -> None:
    operations = request.config.getoption("--operations")
    services = [serve(ledger_url, redis_url=redis_url) for _ in range(2)]
    for service in services:
        await service.start()
    choices = random.Random(SEED)  # noqa: S311  moments of a test
    up = list(services)

    def replica() -> str:
        return choices.choice(up).address

    async with (
        Redis.from_url(redis_url) as redis,
        writing(replica, writers=4) as told,
        reading(replica, told, readers=6, seed=SEED) as seen,
    ):
        faults = await troubled(services, up, redis, choices, lambda: done(told, seen) >= operations)
    await check(services[0].address, told)
    print(
        f"{done(told, seen)} operations, {len(told.acknowledged)} of them writes, {faults} faults, "
        f"reads {sorted(seen.reads.values())}, refusals {dict(seen.refusals)} and {dict(told.refusals)}"
    )
    assert seen.less == []
    assert min(seen.reads[service.address] for service in services) > operations // 10
    assert set(seen.refusals) <= {"connection"}, "a replica that runs answers, whatever becomes of Redis"
    assert faults > 0
    for service in services:
        assert "Traceback" not in service.log.read_text()


async def test_versions_that_are_read_late_are_found_out(serve: Serve, ledger_url: str, redis_url: str) -> None:
    """The checker is worth something: with a cache that is half a second old it sees less than was acknowledged."""
    mutated = {"PYTHONPATH": str(Path(__file__).parent / "mutated")}
    services = [serve(ledger_url, environment=mutated, redis_url=redis_url) for _ in range(2)]
    for service in services:
        await service.start()
    addresses = itertools.cycle(service.address for service in services)
    async with (
        writing(lambda: next(addresses), writers=2) as told,
        reading(lambda: next(addresses), told, readers=2, seed=SEED) as seen,
    ):
        await until(lambda: done(told, seen) >= 300)
    assert any(": less of" in one for one in seen.less)


def done(told: Ledgered, seen: Seen) -> int:
    """How much was read and written."""
    return len(told.acknowledged) + seen.reads.total()


async def troubled(
    services: list[Service], up: list[Service], redis: Redis, choices: random.Random, over: Callable[[], bool]
) -> int:
    """Let Redis fail and kill replicas at random moments until it is over; gives how often."""
    faults = 0
    while not over():
        await asyncio.sleep(choices.uniform(0.05, 0.4))
        faults += 1
        if choices.random() < 0.25:
            victim = choices.choice(services)
            up.remove(victim)
            await victim.kill()
            await victim.start()
            up.append(victim)
        else:
            await choices.choice(FAULTS)(redis, choices)
    await until(lambda: len(up) == len(services))
    return faults
