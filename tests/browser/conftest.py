"""A real Chromium that reaches this machine's servers and nothing else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.reverse_proxy import reverse_proxy
from tests.browser.visit import Visit, visiting
from tests.rest.service import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from playwright.async_api import Browser

CHROMIUM = "/usr/bin/chromium"
OTHER_HOST = "ledger.test"
FLAGS = (
    "--no-sandbox",  # the tests also run as root, in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page of a named host is not as trusted as one of 127.0.0.1: some functions are missing.
    f"--host-resolver-rules=MAP {OTHER_HOST} 127.0.0.1",
)

# A busy machine may take its time: only what never comes is a failure.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Playwright knows asyncio only, and its browser outlives a test."""
    return "asyncio"


@pytest.fixture(scope="module")
async def closed_door(anyio_backend: str) -> AsyncIterator[str]:
    """The address of a proxy that lets nothing through.

    Chromium asks its maker's servers for updates whatever its flags say; what the pages ask for
    is judged by each visit.
    """
    del anyio_backend

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service as it runs, with a few transactions."""
    with running(tmp_path_factory.mktemp("browser"), {"EXPENSE_ALLOWED_HOSTS": OTHER_HOST}) as service:
        for number in range(1, 4):
            httpx.post(f"{service.url}/transaction", json={"amount": number, "desc": "bread"}).raise_for_status()
        yield service.url


@pytest.fixture(scope="module")
async def chromium(closed_door: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=FLAGS,
            proxy={"server": closed_door, "bypass": f"127.0.0.1,{OTHER_HOST}"},
        )
        yield browser
        await browser.close()


@pytest.fixture
async def visit(chromium: Browser, server_url: str, tmp_path: Path) -> AsyncIterator[Visit]:
    """A visit to the server, which ends without a stray request and without a complaint."""
    async with visiting(chromium, server_url, tmp_path) as visit:
        yield visit
    assert visit.strays == []
    assert visit.complaints == []


@pytest.fixture
async def visit_by_proxy(chromium: Browser, server_url: str, tmp_path: Path) -> AsyncIterator[Visit]:
    """The same, where a reverse proxy on another host shows the server below /books."""
    with reverse_proxy(server_url, "/books") as port:
        async with visiting(chromium, f"http://{OTHER_HOST}:{port}", tmp_path) as visit:
            yield visit
    assert visit.strays == []
    assert visit.complaints == []
