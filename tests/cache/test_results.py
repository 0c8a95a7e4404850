"""Kept answers: bounded in memory, shared by Redis, and never believed if Redis has something else."""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from redis.asyncio import Redis

from graphql_api.cache.build import build_digest
from graphql_api.cache.memory import Memory
from graphql_api.cache.redis import open_redis
from graphql_api.cache.results import Result, Results
from graphql_api.cache.shared import Key, Shared, pack, unpack
from tests.database.test_interrupt import until
from tests.servers.ports import free_port
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.anyio

KEY: Key = ("{ ledger { name } }", None, '{"a":"ü\\ud800"}', "Principal(subject='local')", ((1, 2, 3),))
RESULT = Result('{"ledger":{"name":"Größe"}}'.encode(), 7, (1, 2**62))


def counted(name: str, **labels: str) -> float:
    """A counter's value."""
    return REGISTRY.get_sample_value(f"expense_cache_{name}_total", labels) or 0


def test_memory_is_bounded_by_bytes_and_forgets_what_was_used_longest_ago() -> None:
    memory: Memory[int] = Memory("answers", 1000)
    for number in range(10):
        memory.put(number, number, 100)
    assert memory.get(0) == 0, "used just now"
    memory.put(10, 10, 100)
    assert [memory.get(number) for number in (0, 1, 2, 10)] == [0, None, 2, 10]
    memory.put(10, 11, 50)
    assert (memory.get(10), memory.bytes, len(memory)) == (11, 950, 10)
    memory.put(11, 12, 500)
    assert memory.get(11) is None, "one answer may not drive out all others"
    assert memory.bytes == 950


@asynccontextmanager
async def sharing(url: str, build: bytes = b"1") -> AsyncIterator[tuple[Results, Redis]]:
    """Results of a process of its own."""
    async with open_redis(SecretStr(url)) as redis:
        assert redis is not None
        shared = Shared(redis, build)
        yield Results(2**20, shared), redis
        await shared.close()


async def stored(redis: Redis) -> bytes:
    """The name under which Redis has the only answer, once it has it."""
    await until(lambda: redis.keys("expense:cache:*"))
    (name,) = await redis.keys("expense:cache:*")
    assert isinstance(name, bytes)
    return name


async def test_what_one_process_made_another_has(redis_url: str) -> None:
    async with sharing(redis_url) as (one, redis), sharing(redis_url) as (other, _):
        assert one.recall(KEY) is None
        assert await one.fetch(KEY) is None
        one.keep(KEY, RESULT)
        assert one.recall(KEY) == RESULT
        assert 0 < await redis.ttl(await stored(redis)) <= 3600
        assert other.recall(KEY) is None
        assert await other.fetch(KEY) == RESULT
        assert other.recall(KEY) == RESULT, "and in memory from then on"
        assert await other.fetch((*KEY[:-1], ((1, 2, 4),))) is None, "another version is another answer"
        async with sharing(redis_url, b"2") as (newer, _):
            assert await newer.fetch(KEY) is None, "of other code"


async def test_many_at_once_are_one_command(redis_url: str) -> None:
    async with sharing(redis_url) as (results, redis):
        await results.fetch(KEY)
        await redis.config_resetstat()
        await asyncio.gather(*(results.fetch((*KEY, number)) for number in range(40)))
        stats = await redis.info("commandstats")
        assert stats["cmdstat_mget"]["calls"] == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda value: value[:10],
        lambda value: value[:-1],
        lambda value: value + b" ",
        lambda value: value[:40] + bytes([value[40] ^ 1]) + value[41:],
        lambda value: secrets.token_bytes(len(value)),
        lambda value: pack(b"another key", value[16:]),
        lambda _: b"null",
    ],
)
async def test_garbage_is_not_believed(redis_url: str, damage: object) -> None:
    assert callable(damage)
    async with sharing(redis_url) as (results, redis), sharing(redis_url) as (other, _):
        results.keep(KEY, RESULT)
        name = await stored(redis)
        await redis.set(name, damage(await redis.get(name)))
        before = counted("rejected")
        assert await other.fetch(KEY) is None
        assert counted("rejected") == before + 1
        other.keep(KEY, RESULT)
        await until(lambda: other.fetch(KEY))


async def test_what_is_of_another_type_is_not_there(redis_url: str) -> None:
    async with sharing(redis_url) as (results, redis):
        results.keep(KEY, RESULT)
        name = await stored(redis)
        await redis.delete(name)
        await redis.rpush(name, "x")
        assert await results.fetch(KEY) is None


def test_a_value_is_packed_whole() -> None:
    assert unpack(b"key", pack(b"key", b"body")) == b"body"
    assert unpack(b"key2", pack(b"key", b"body")) is None
    assert unpack(b"k", b"ey" + pack(b"key", b"body")) is None


async def test_a_lost_redis_costs_one_failure_and_then_nothing(redis_server: RedisServer) -> None:
    url = redis_server.url.replace(str(redis_server.port), str(free_port()))
    async with sharing(url) as (results, _):
        before = counted("lookups", content="answers", layer="redis", outcome="failure")
        found = await asyncio.gather(*(results.fetch((*KEY, number)) for number in range(20)))
        assert found == [None] * 20
        assert counted("lookups", content="answers", layer="redis", outcome="failure") == before + 20
        results.keep(KEY, RESULT)
        assert results.recall(KEY) == RESULT


async def test_a_redis_that_hangs_is_left_alone(redis_url: str, redis_server: RedisServer) -> None:
    async with sharing(redis_url) as (results, redis):
        await results.fetch(KEY)
        redis_server.process.signal(signal.SIGSTOP)
        try:
            assert await results.fetch(KEY) is None
            assert await results.fetch(KEY) is None
        finally:
            redis_server.process.signal(signal.SIGCONT)
        assert await redis.ping()


def test_the_build_is_the_same_each_time() -> None:
    assert build_digest() == build_digest()
    assert len(build_digest()) == 16
