"""Every panel of every dashboard shows something: a real Prometheus, the real service under load, generated clouds."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.graphql.listening import event_stream, websocket
from tests.http.running import RunningServer
from tests.monitoring.cloud import Exporter
from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerProcess
from tests.servers.programs import program
from tools.dashboards.all import DASHBOARDS
from tools.dashboards.panels import RATE, Dashboard

ROOT = Path(__file__).parents[2]
FEED = "subscription Feed { ledgerChanges { version } }"
CREATE = """mutation Create($amount: Decimal!, $currency: String!) {
  createTransaction(input: {amount: {value: $amount, currency: $currency}, date: "2026-11-01", merchant: "m"}) {
    ledgerVersion userErrors { code message } } }"""
LIST = "query List { ledger { transactions(first: 10) { nodes { merchant category { name } } } } }"


@pytest.fixture(scope="module")
def service(redis_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server with Redis."""
    folder = tmp_path_factory.mktemp("service")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("EXPENSE_")}
    running = RunningServer(
        [sys.executable, "-m", "graphql_api", "serve"],
        log=folder / "log",
        environment={
            **inherited,
            "EXPENSE_PORT": str(free_port()),
            "EXPENSE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'ledger.sqlite3'}",
            "EXPENSE_REDIS_URL": redis_server.url,
        },
        directory=folder,
    )
    yield running.address()
    running.process.stop()


@pytest.fixture(scope="module")
def prometheus(service: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that scrapes the service and the generated exporters each second."""
    folder = tmp_path_factory.mktemp("prometheus")
    port = free_port()
    with Exporter() as exporter:
        jobs = {"expense": service.removeprefix("http://"), "cloud": f"{LOOPBACK}:{exporter.port}"}
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [
                {"job_name": job, "honor_labels": True, "static_configs": [{"targets": [target]}]}
                for job, target in jobs.items()
            ],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        command = [
            str(program("prometheus")),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={LOOPBACK}:{port}",
        ]
        with ServerProcess("prometheus", command, log=folder / "log", directory=folder) as process:
            process.wait_for_port(port)
            yield f"http://{LOOPBACK}:{port}"


@pytest.fixture(scope="module")
async def loaded(service: str, prometheus: str) -> AsyncIterator[str]:
    """Prometheus once it has seen both exporters and the service at work several times."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=service, timeout=30))
        socket = await stack.enter_async_context(websocket(service))
        await socket.subscribe("1", FEED)
        events = await stack.enter_async_context(event_stream(service, FEED))
        await work(client)
        assert await socket.data("1")
        assert (await events.next()).event == "next"
        until = time.monotonic() + 60
        while await scrapes(prometheus) < 8:
            assert time.monotonic() < until, "Prometheus did not scrape in a minute"
            await work(client)
            await asyncio.sleep(0.2)
        yield prometheus


async def work(client: httpx.AsyncClient) -> None:
    """A little of everything that is measured."""
    for amount, currency in (("12.50", "USD"), ("-3", "USD"), ("700", "JPY")):
        sent = {"query": CREATE, "variables": {"amount": amount, "currency": currency}}
        answer = (await client.post("/graphql", json=sent)).json()
        assert answer["data"]["createTransaction"]["userErrors"] == [], answer
    await asyncio.gather(*(client.post("/graphql", json={"query": LIST}) for _ in range(4)))
    assert (await client.get("/transaction")).status_code == 200


async def scrapes(prometheus: str) -> float:
    """How many times it has seen the service."""
    found = await asked(prometheus, 'min(count_over_time(up{job=~"expense|cloud"}[5m]))')
    return float(found[0]["value"][1]) if found else 0


async def asked(prometheus: str, expr: str) -> list[Any]:
    """What a query gives."""
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get(f"{prometheus}/api/v1/query", params={"query": expr})
    assert answer.status_code == 200, f"{expr}: {answer.text}"
    found: list[Any] = answer.json()["data"]["result"]
    return found


@pytest.mark.anyio
@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.uid)
async def test_no_panel_is_empty(loaded: str, dashboard: Dashboard) -> None:
    empty = []
    for title, expr in dashboard.queries:
        found = await asked(loaded, expr.replace(RATE, "15s").replace("[1h]", "[15s]").replace("[1d]", "[15s]"))
        values = [float(series["value"][1]) for series in found]
        if not [value for value in values if value == value]:  # noqa: PLR0124  not a number: nothing to draw
            empty.append(f"{title}: {expr}")
    assert empty == []


def test_the_files_are_what_the_code_makes() -> None:
    for dashboard in DASHBOARDS:
        file = ROOT / "helm" / "files" / "dashboards" / f"{dashboard.uid}.json"
        assert file.read_text() == dashboard.to_json(), "run `make dashboards`"
    assert len(list((ROOT / "helm" / "files" / "dashboards").glob("*.json"))) == len(DASHBOARDS)


def test_the_exporter_is_asked_for_what_is_shown() -> None:
    configured = yaml.safe_load((ROOT / "helm" / "files" / "cloudwatch-exporter.yaml").read_text())["metrics"]
    named = {exported(metric) for metric in configured}
    shown = {
        word
        for dashboard in DASHBOARDS
        for _, expr in dashboard.queries
        for word in expr.replace("{", " ").replace("(", " ").split()
        if word.startswith("aws_")
    }
    assert shown == named


def exported(metric: dict[str, Any]) -> str:
    """The name that the exporter makes: words in snake case, with the statistic at the end."""
    space = metric["aws_namespace"].lower().replace("/", "_")
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", metric["aws_metric_name"]).lower()
    return f"{space}_{name}_{metric['aws_statistics'][0].lower()}"
