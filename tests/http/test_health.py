"""Health, with a database and a Redis that are there, gone, or slow."""

import asyncio
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from graphql_api.http.health import Health
from tests.http.conftest import Opened
from tests.servers.ports import LOOPBACK, free_port
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.anyio

HEALTH_JSON = {"Accept": "application/health+json"}


@pytest.fixture
def mute() -> Iterator[int]:
    """A port where connections are accepted and nothing is ever answered."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


def replace_by_a_folder(path: Path) -> None:
    """Make a database one that cannot be opened."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    path.mkdir()


@pytest.mark.parametrize("path", ["/health", "/api/health"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,*/*;q=0.8"])
async def test_the_workshops_client_is_greeted(client: httpx.AsyncClient, path: str, accept: str) -> None:
    answer = await client.get(path, headers={"Accept": accept})
    assert answer.json() == "This is the health check"
    assert answer.headers["content-type"] == "application/json"


async def test_who_asks_for_a_report_gets_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health", headers=HEALTH_JSON)
    assert answer.headers["content-type"] == "application/health+json"
    body = answer.json()
    assert (answer.status_code, body["status"]) == (200, "pass")
    assert body["checks"]["database:connectivity"][0]["status"] == "pass"
    assert "redis:connectivity" not in body["checks"]


async def test_alive_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "ok"}
    ready = (await client.get("/readyz")).json()
    assert ready.pop("timestamp").endswith("Z")
    assert ready == {"status": "ok", "database": "up", "redis": "off"}


async def test_a_lost_redis_degrades_and_stays_ready(opened: Opened) -> None:
    async with opened(redis_url=SecretStr(f"redis://{LOOPBACK}:{free_port()}/0")) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["status"], ready.json()["redis"]) == (200, "degraded", "down")
        report = (await client.get("/health", headers=HEALTH_JSON)).json()
    assert report["status"] == "warn"
    assert report["checks"]["redis:connectivity"][0]["status"] == "warn"


async def test_a_redis_that_says_nothing_degrades_and_stays_ready(opened: Opened, mute: int) -> None:
    async with opened(redis_url=SecretStr(f"redis://{LOOPBACK}:{mute}/0")) as client:
        ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["redis"]) == (200, "down")


async def test_a_redis_that_answers_is_up(opened: Opened, redis_server: RedisServer) -> None:
    async with opened(redis_url=SecretStr(redis_server.url)) as client:
        assert (await client.get("/readyz")).json()["redis"] == "up"


async def test_a_database_that_is_gone_is_not_ready_but_alive(opened: Opened, tmp_path: Path) -> None:
    async with opened() as client:
        replace_by_a_folder(tmp_path / "ledger.sqlite3")
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "down")
        assert ready.json()["detail"] == "The database does not answer."
        assert ready.headers["retry-after"] == "1"
        report = await client.get("/health", headers=HEALTH_JSON)
        assert (report.status_code, report.json()["status"]) == (503, "fail")
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/health")).json() == "This is the health check"


async def test_a_database_that_says_nothing_is_down(mute: int) -> None:
    health = Health(f"mysql+aiomysql://ledger:x@{LOOPBACK}:{mute}/ledger", None)
    report = await health.report()
    await health.close()
    assert (report.database, report.status) == ("down", "degraded")


async def test_an_old_schema_is_told(sqlite_url: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    health = Health(sqlite_url, None)
    report = await health.report()
    await health.close()
    assert "expense migrate" in report.reason


async def test_a_newer_schema_does_not_take_a_running_service_down(sqlite_url: str, tmp_path: Path) -> None:
    health = Health(sqlite_url, None)
    assert (await health.report()).reason == ""
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    await asyncio.sleep(0.6)
    assert (await health.report()).reason == ""
    await health.close()
