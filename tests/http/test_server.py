"""The server as a process: start, refusals to start, workers, and the end."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from graphql_api.database.engine import open_engines
from graphql_api.database.schema import migrate
from tests.http.conftest import Started
from tests.http.running import RunningServer
from tests.servers.ports import LOOPBACK, free_port

pytestmark = pytest.mark.anyio


@pytest.fixture
def new_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'new.sqlite3'}"


@pytest.fixture
def rows(tmp_path: Path) -> Callable[[], set[str]]:
    """Reads the external ids of the transactions in the database of `new_url`."""

    def read() -> set[str]:
        connection = sqlite3.connect(tmp_path / "new.sqlite3")
        found = {row[0] for row in connection.execute("SELECT external_id FROM transactions")}
        connection.close()
        return found

    return read


async def test_tells_its_addresses_and_each_answers(started: Started, new_url: str) -> None:
    server = started(database_url=new_url)
    address = server.address()
    async with httpx.AsyncClient() as client:
        for path in ("/livez", "/readyz", "/health", "/metrics"):
            assert (await client.get(address + path)).status_code == 200, path
    (line,) = [line for line in server.lines() if line["message"] == "Listening."]
    assert line["addresses"]["GraphQL"] == f"{address}/graphql"
    assert f"{address}/metrics" in server.output()


@pytest.mark.parametrize(("workers", "number"), [("1", signal.SIGTERM), ("1", signal.SIGINT), ("2", signal.SIGTERM)])
async def test_what_was_acknowledged_before_the_end_is_there_and_nothing_else(
    started: Started, new_url: str, rows: Callable[[], set[str]], workers: str, number: signal.Signals
) -> None:
    server = started(database_url=new_url, workers=workers, log_level="warning")
    address = server.address()
    acknowledged: set[str] = set()
    enough = asyncio.Event()

    async def write_until_it_ends(writer: int) -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            for count in range(10_000):
                name = f"{writer}-{count}"
                try:
                    answer = await client.post(f"{address}/write", json={"amount": 1, "external_id": name})
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                acknowledged.add(name)
                if len(acknowledged) >= 100:
                    enough.set()

    tasks = [asyncio.create_task(write_until_it_ends(writer)) for writer in range(16)]
    await enough.wait()
    server.process.signal(number)
    await asyncio.gather(*tasks)
    assert await asyncio.to_thread(server.process.wait) == 0
    assert rows() == acknowledged
    assert "Traceback" not in server.output()


async def test_a_request_in_flight_is_finished(started: Started, new_url: str, rows: Callable[[], set[str]]) -> None:
    server = started(database_url=new_url, log_level="debug")
    address = server.address()
    async with httpx.AsyncClient(timeout=60) as client:
        body = {"amount": 1, "external_id": "late"}
        answer = asyncio.create_task(client.post(f"{address}/write?pause=2", json=body))
        await _in_flight(client, address, 2)
        server.process.signal(signal.SIGTERM)
        assert (await answer).status_code == 200
    assert await asyncio.to_thread(server.process.wait) == 0
    assert rows() == {"late"}


async def test_a_request_that_outlasts_the_time_for_shutting_down_is_told_so(started: Started, new_url: str) -> None:
    server = started(database_url=new_url, shutdown_timeout="1")
    address = server.address()
    async with httpx.AsyncClient(timeout=60) as client:
        answer = asyncio.create_task(client.get(f"{address}/wait"))
        await _in_flight(client, address, 2)
        server.process.signal(signal.SIGTERM)
        assert (await answer).status_code == 503
        assert (await answer).json()["outcome"] == "unknown"
    assert await asyncio.to_thread(server.process.wait) == 0
    assert "Traceback" not in server.output()


async def test_workers_add_up_their_metrics_also_after_one_died(started: Started, new_url: str) -> None:
    server = started(database_url=new_url, workers="2", log_level="warning")
    address = server.address()
    for count in range(40):
        async with httpx.AsyncClient(timeout=60) as client:  # a connection each, so that both workers get some
            body = {"amount": "2.50" if count % 2 else "-1.25", "currency": "EUR", "external_id": str(count)}
            assert (await client.post(f"{address}/write", json=body)).status_code == 200
    expected = {
        'http_requests_total{method="POST",route="/write",status="2xx"}': 40.0,
        'http_request_duration_seconds_count{method="POST",route="/write"}': 40.0,
        'expense_transactions_total{currency="EUR",operation="create"}': 40.0,
        'expense_transaction_amount_total{currency="EUR",direction="spent"}': 50.0,
        'expense_transaction_amount_total{currency="EUR",direction="refunded"}': 25.0,
        "expense_writes_total": 40.0,
        "http_requests_in_flight": 1.0,
    }
    for _ in range(6):
        found = await _scrape(address)
        assert {name: found[name] for name in expected} == expected
        assert found["process_resident_memory_bytes"] > 0
    workers = server.workers()
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    await _until(lambda: _has_replaced(server, workers))
    found = await _scrape(address)
    assert {name: found[name] for name in expected} == expected
    server.process.signal(signal.SIGTERM)
    assert await asyncio.to_thread(server.process.wait) == 0


async def test_an_empty_database_is_migrated_only_on_sqlite(started: Started, database_url: str) -> None:
    server = started(database_url=database_url)
    if database_url.startswith("sqlite"):
        assert server.address()
        return
    status, output = await asyncio.to_thread(server.fails)
    assert status == 1
    assert output.splitlines()[-1] == "The database is empty: run `expense migrate` first."
    assert "Traceback" not in output
    engines = open_engines(database_url)
    await migrate(engines.write)
    await engines.dispose()
    assert started(database_url=database_url).address()


async def test_a_schema_from_the_future_is_refused(started: Started, tmp_path: Path, sqlite_url: str) -> None:
    connection = sqlite3.connect(tmp_path / "ledger.sqlite3")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    status, output = await asyncio.to_thread(started(database_url=sqlite_url).fails)
    assert status == 1
    assert "newer than" in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"host": "0.0.0.0"}, "EXPENSE_INSECURE_BIND=true"),  # noqa: S104  it is refused
        ({"host": "192.0.2.1", "insecure_bind": "true"}, "Cannot listen on 192.0.2.1 port 0"),
        ({"port": "65536"}, "EXPENSE_PORT"),
        ({"database_url": "postgres://user:secret@127.0.0.1/x"}, "EXPENSE_DATABASE_URL"),
        ({"database_url": "sqlite+aiosqlite:////no/such/folder/x"}, "The database does not answer"),
    ],
)
async def test_what_is_wrong_is_told_in_a_line(
    started: Started, new_url: str, environment: dict[str, str], words: str
) -> None:
    status, output = await asyncio.to_thread(started(**{"database_url": new_url, **environment}).fails)
    assert status == 1
    assert words in output
    assert "Traceback" not in output
    assert "secret" not in output


async def test_a_taken_port_is_told(started: Started, new_url: str) -> None:
    port = started(database_url=new_url).address().rpartition(":")[2]
    status, output = await asyncio.to_thread(started(database_url=new_url, port=port).fails)
    assert status == 1
    assert f"port {port}: Address already in use" in output


async def test_a_database_that_does_not_answer_is_waited_for_then_named_without_its_password(started: Started) -> None:
    url = f"mysql+aiomysql://ledger:hunter2@{LOOPBACK}:{free_port()}/ledger"
    status, output = await asyncio.to_thread(started(database_url=url, database_wait="1").fails)
    assert status == 1
    assert "Waiting for the database." in output
    assert "ledger:***@" in output
    assert "hunter2" not in output
    assert "Traceback" not in output


async def test_listens_on_all_addresses_when_that_is_asked_for(started: Started, new_url: str) -> None:
    address = started(database_url=new_url, host="0.0.0.0", insecure_bind="true").address()  # noqa: S104  asked for
    assert address.startswith(f"http://{LOOPBACK}:")
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/livez")).status_code == 200


async def _scrape(address: str) -> dict[str, float]:
    async with httpx.AsyncClient(timeout=60) as client:
        text = (await client.get(f"{address}/metrics")).text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


async def _in_flight(client: httpx.AsyncClient, address: str, wanted: int) -> None:
    async def enough() -> bool:
        return f"http_requests_in_flight {wanted}.0" in (await client.get(f"{address}/metrics")).text

    await _until(enough)


async def _has_replaced(server: RunningServer, before: list[int]) -> bool:
    present = server.workers()
    return len(present) == 2 and set(present) != set(before) and "was replaced" in server.output()


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    while not await condition():  # noqa: ASYNC110  another process has no event to wait for
        await asyncio.sleep(0.02)
