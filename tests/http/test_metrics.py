"""GET /metrics."""

import gzip
import re
import subprocess

import httpx
import pytest

from tests.http.conftest import Opened
from tests.servers.programs import program

pytestmark = pytest.mark.anyio


async def test_the_client_chooses_the_format(client: httpx.AsyncClient) -> None:
    plain = await client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain")
    assert not plain.text.endswith("# EOF\n")
    openmetrics = await client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")


async def test_it_names_the_build_the_process_and_no_times_of_creation(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    assert re.search(
        r'^expense_build_info\{python="3\.\d+\.\d+\S*",version="\d+\.\d+\.\d+"\} 1\.0$', text, re.MULTILINE
    )
    assert "process_resident_memory_bytes" in text
    assert "_created" not in text


async def test_it_can_be_compressed(opened: Opened) -> None:
    async with opened() as client, client.stream("GET", "/metrics", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert b"expense_build_info" in gzip.decompress(raw)


async def test_names_and_texts_are_as_prometheus_wants_them(client: httpx.AsyncClient) -> None:
    await client.post("/graphql", json={"query": "query Checked { ledger { name } }"})
    text = (await client.get("/metrics")).text
    assert 'operation="Checked"' in text
    command = [str(program("promtool")), "check", "metrics"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603 ASYNC221
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
