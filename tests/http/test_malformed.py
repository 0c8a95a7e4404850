"""Whatever is sent to the door: no answer of 5xx, no traceback, and the process lives and stays as small as it was."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from tests.graphql.conftest import migrated
from tests.http.conftest import Started
from tests.http.malformed import Malformed
from tests.hypotheses import examples

pytestmark = pytest.mark.anyio

SEED = 20261127
AT_ONCE = 32
IDLE = 0.5
"""Seconds of silence after which it is taken that the server waits for more; then it learns that there is no more."""

WAIT = 10.0
"""Seconds that it has to close the connection then."""

MIB_MORE = 24.0
"""What the process may have grown by between the first half of the requests and the last."""


async def answered(address: tuple[str, int], request: bytes) -> bytes:
    """All that comes back until the server closes, or has nothing more to say."""
    reader, writer = await asyncio.open_connection(*address)
    found = b""
    try:
        writer.write(request)
        found += await read(reader, IDLE)
        if not reader.at_eof():
            writer.write_eof()
            found += await read(reader, WAIT)
    except ConnectionError:
        pass  # closed while there was more to send or to read
    finally:
        writer.close()
    return found


async def read(reader: asyncio.StreamReader, seconds: float) -> bytes:
    """What comes until there is silence for so long, or the end."""
    found = b""
    try:
        while True:
            async with asyncio.timeout(seconds):
                part = await reader.read(2**16)
            if not part:
                return found
            found += part
    except TimeoutError:
        return found


async def send(address: tuple[str, int], malformed: Malformed, count: int) -> tuple[int, list[str]]:
    """Send generated requests, some at once; gives how many were answered, and what was answered with 5xx."""
    answers, wrong = 0, []
    for _ in range(0, count, AT_ONCE):
        requests = [malformed.request() for _ in range(AT_ONCE)]
        for request, answer in zip(
            requests, await asyncio.gather(*(answered(address, one) for one in requests)), strict=True
        ):
            answers += bool(answer)
            if re.search(rb"^HTTP/1\.[01] 5", answer, re.MULTILINE):
                wrong.append(f"{request[:500]!r}: {answer[:300]!r}")
    return answers, wrong


async def test_malformed_requests(started: Started, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3"
    await migrated(url)
    server = started(database_url=url, request_timeout="20")
    base = httpx.URL(server.address())
    address = base.host, base.port or 0
    malformed = Malformed(SEED)
    count = examples(480)
    answers, wrong = await send(address, malformed, count // 2)
    _, before = server.process.memory_mib()
    more, later = await send(address, malformed, count // 2)
    assert wrong + later == []
    assert answers + more > count // 2, "hardly anything was answered, so this proves little"
    _, after = server.process.memory_mib()
    assert after - before < MIB_MORE
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{base}/readyz")).status_code == httpx.codes.OK
    assert server.process.returncode is None
    assert "Traceback" not in server.output()
