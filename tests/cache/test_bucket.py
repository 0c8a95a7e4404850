"""Budgets: in memory, in Redis, and while Redis is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from graphql_api.cache.bucket import MOST_BUCKETS, MemoryBuckets, RedisBuckets, open_buckets
from graphql_api.cache.redis import open_redis
from tests.servers.ports import free_port

if TYPE_CHECKING:
    from tests.servers.redis import RedisServer

pytestmark = pytest.mark.anyio


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


async def test_a_bucket_empties_and_fills_at_its_rate() -> None:
    clock = Clock()
    buckets = MemoryBuckets(100, 10, clock)
    assert (await buckets.take("a", 70)).allowed
    refused = await buckets.take("a", 40)
    assert (refused.allowed, refused.left) == (False, 30)
    assert buckets.seconds_until(40, refused.left) == 1
    assert buckets.seconds_until(100, refused.left) == 7
    assert (await buckets.take("b", 100)).allowed, "another's is another"
    clock.now += 1
    assert (await buckets.take("a", 40)).left == 0
    clock.now += 1000
    assert (await buckets.take("a", 1)).left == 99, "no fuller than full"
    assert (await buckets.take("a", -50)).left == 100, "nor by what is given back"


async def test_memory_is_bounded() -> None:
    buckets = MemoryBuckets(100, 10)
    for number in range(MOST_BUCKETS + 100):
        await buckets.take(str(number), 100)
    assert (await buckets.take("0", 100)).allowed, "forgotten, and full again"
    assert not (await buckets.take(str(MOST_BUCKETS), 50)).allowed


def test_no_rate_is_no_budget() -> None:
    assert open_buckets(None, 100, 0) is None


async def test_redis_shares_a_bucket(redis_url: str) -> None:
    async with open_redis(SecretStr(redis_url)) as one, open_redis(SecretStr(redis_url)) as other:
        assert one is not None
        assert other is not None
        first, second = RedisBuckets(one, 1000, 1), RedisBuckets(other, 1000, 1)
        assert (await first.take("me@example.org", 900)).allowed
        refused = await second.take("me@example.org", 900)
        assert not refused.allowed
        assert 100 <= refused.left < 900
        assert (await second.take("me@example.org", -900)).left == 1000
        assert (await first.take("me@example.org", 1000)).allowed
        (key,) = await one.keys("*")
        assert b"example" not in key
        assert 0 < await one.pttl(key) <= 1_002_000
        await one.flushall()
        assert (await first.take("me@example.org", 1000)).allowed, "flushed is full"
        await one.script_flush()
        assert not (await first.take("me@example.org", 1000)).allowed, "the script is sent again"


async def test_a_lost_redis_fails_no_request(redis_server: RedisServer) -> None:
    clock = Clock()
    url = redis_server.url.replace(str(redis_server.port), str(free_port()))
    async with open_redis(SecretStr(url)) as client:
        assert client is not None
        buckets = RedisBuckets(client, 100, 1, clock)
        assert (await buckets.take("a", 80)).allowed
        assert not (await buckets.take("a", 80)).allowed, "memory keeps the budget meanwhile"
        clock.now += 60
        assert (await buckets.take("a", 80)).allowed
