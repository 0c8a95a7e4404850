"""Readers and writers without pause for as long as --soak-minutes says: memory, files and connections stay flat."""

import asyncio
import itertools
import time
from dataclasses import dataclass

import httpx
import pytest

from tests.faults.conftest import Serve
from tests.faults.service import Service
from tests.faults.writers import check, writing
from tests.servers.variants import Variant

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(7200)]

READERS = 4
SAMPLES = 30
# what caches may still take while they fill up, after the first third
MEMORY_MIB = 12.0
FILES = 8

QUERIES = (
    "{ ledger { transactions(first: 100) { nodes { id date merchant amount { value currency } tags { name } } } } }",
    "{ ledger { totals(groupBy: [MONTH, CURRENCY]) { month amount { value currency } count } } }",
    "{ ledger { version changes(first: 50) { nodes { version operation } } } }",
    "{ nowhere }",
)


@dataclass
class Sample:
    """What the service holds at a moment."""

    minute: float
    memory: float
    files: int
    connections: int


async def test_nothing_grows(serve: Serve, ledger_url: str, variant: Variant, request: pytest.FixtureRequest) -> None:
    seconds = request.config.getoption("--soak-minutes") * 60
    service = serve(ledger_url)
    await service.start()
    ended = asyncio.Event()
    readers = [asyncio.create_task(_read(service.address, ended)) for _ in range(READERS)]
    samples: list[Sample] = []
    start = time.monotonic()
    async with writing(service.address, writers=READERS) as told:
        for number in range(1, SAMPLES + 1):
            await asyncio.sleep(max(0.0, start + seconds * number / SAMPLES - time.monotonic()))
            samples.append(_sample(service, variant, (time.monotonic() - start) / 60))
    ended.set()
    read = sum(await asyncio.gather(*readers))
    version = await check(service.address, told)
    assert not told.refusals
    for sample in samples:
        print(sample)
    print(f"{variant.id}: {read} reads, version {version}")
    settled, last = samples[SAMPLES // 3], samples[-1]
    assert last.memory < settled.memory + MEMORY_MIB
    assert last.files < settled.files + FILES
    assert last.connections <= settled.connections + 1
    assert await service.terminate() == 0


async def _read(address: str, ended: asyncio.Event) -> int:
    count = 0
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for query in itertools.cycle(QUERIES):
            if ended.is_set():
                return count
            answer = await client.post("/graphql", json={"query": query})
            assert answer.status_code == httpx.codes.OK, answer.text
            count += 1
    raise AssertionError("unreachable")


def _sample(service: Service, variant: Variant, minute: float) -> Sample:
    connections = 0
    if variant.server is not None:
        ((connections,),) = variant.server.execute(  # type: ignore[assignment]
            "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'ledger'"
        )
    return Sample(round(minute, 1), round(service.memory_mib(), 1), service.files(), int(connections))
