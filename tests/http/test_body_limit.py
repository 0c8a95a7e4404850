"""A body that is too long, too slow or cut off, over a real connection."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.http.observe import CLIENT_GONE
from tests.http.conftest import Opened, Started
from tests.http.running import RunningServer

pytestmark = pytest.mark.anyio


async def read(request: Request) -> Response:
    return Response(str(len(await request.body())))


READ = Route("/read", read, methods=["POST"])


async def chunks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


async def test_a_body_within_the_limit_is_read(opened: Opened) -> None:
    async with opened(READ, max_body_bytes=2000) as client:
        assert (await client.post("/read", content=b"x" * 2000)).text == "2000"
        assert (await client.post("/read", content=chunks(1000, 1000))).text == "2000"


async def test_a_longer_body_is_a_413(opened: Opened) -> None:
    async with opened(READ, max_body_bytes=2000) as client:
        for content in (b"x" * 2001, chunks(1000, 1001), chunks(1000, 1001, 1)):
            answer = await client.post("/read", content=content)
            assert answer.status_code == 413
            assert answer.json()["detail"] == "The body is longer than 2,000 bytes (EXPENSE_MAX_BODY_BYTES)."


HALF = b"POST /write HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


async def test_a_body_that_stops_is_a_408(started: Started, sqlite_url: str) -> None:
    server = started(database_url=sqlite_url, body_timeout="0.5")
    reader, writer = await connect(server)
    writer.write(HALF)
    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    assert "Traceback" not in server.output()


async def test_a_body_that_is_cut_off_leaves_no_error(started: Started, sqlite_url: str) -> None:
    server = started(database_url=sqlite_url)
    _, writer = await connect(server)
    writer.write(HALF)
    writer.close()
    await writer.wait_closed()
    while not any(line.get("status") == CLIENT_GONE for line in server.lines()):  # noqa: ASYNC110  a log has no event
        await asyncio.sleep(0.02)
    assert "Traceback" not in server.output()
    assert not [line for line in server.lines() if line["level"] == "ERROR"]


async def connect(server: RunningServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = server.address().removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))
