"""Metrics of connection pools."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import TimeoutError as PoolTimeout

from graphql_api.database.engine import Engines, open_engines
from graphql_api.telemetry.pools import watch_pool

pytestmark = pytest.mark.anyio

POOL = "of this test"


@pytest.fixture
async def engines(tmp_path: Path) -> AsyncIterator[Engines]:
    found = open_engines(f"sqlite+aiosqlite:///{tmp_path / 'ledger.sqlite3'}", pool_size=1, pool_timeout=0.2)
    watch_pool(found.read.sync_engine, POOL)
    yield found
    await found.dispose()


def value(name: str) -> float:
    return REGISTRY.get_sample_value(name, {"pool": POOL}) or 0.0


async def test_who_gets_a_connection_is_counted_with_the_time_it_took(engines: Engines) -> None:
    before = value("expense_database_connection_acquire_duration_seconds_count")
    async with engines.read.connect():
        assert value("expense_database_connections_in_use") == 1
        assert value("expense_database_connections_waiting") == 0
    assert value("expense_database_connection_acquire_duration_seconds_count") == before + 1


async def test_who_waits_is_seen_while_waiting_and_counted_if_it_was_in_vain(engines: Engines) -> None:
    timeouts = value("expense_database_connection_timeouts_total")
    waited = value("expense_database_connection_acquire_duration_seconds_sum")
    seen: list[float] = []

    async def take() -> None:
        with pytest.raises(PoolTimeout):
            await engines.read.connect()

    async with engines.read.connect(), anyio.create_task_group() as tasks:
        tasks.start_soon(take)
        while not seen or seen[-1] == 0:
            await anyio.sleep(0.01)
            seen.append(value("expense_database_connections_waiting"))
    assert seen[-1] == 1
    assert value("expense_database_connections_waiting") == 0
    assert value("expense_database_connection_timeouts_total") == timeouts + 1
    assert value("expense_database_connection_acquire_duration_seconds_sum") - waited >= 0.2
