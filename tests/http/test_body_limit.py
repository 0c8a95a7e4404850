"""A body that is too long, too slow or cut off, over a real connection."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.http.conftest import Opened, Started

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
        for content in (b"x" * 2001, chunks(1000, 1001, 1)):
            answer = await client.post("/read", content=content)
            assert answer.status_code == 413
            assert answer.json()["detail"] == "The body is longer than 2,000 bytes."


async def test_a_body_that_stops_is_a_408_and_one_that_is_cut_off_leaves_no_traceback(
    started: Started, sqlite_url: str
) -> None:
    server = started(database_url=sqlite_url, body_timeout="0.5")
    host, port = server.address().removeprefix("http://").split(":")
    half = b"POST /write HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(half)
    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(half)
    await writer.drain()
    writer.close()
    async with httpx.AsyncClient() as client:
        while not any(line.get("status") == 499 for line in server.lines()):
            assert (await client.get(f"{server.address()}/livez")).status_code == 200
    assert "Traceback" not in server.output()
    assert not [line for line in server.lines() if line["level"] == "ERROR"]
