"""The server is killed again and again while it writes: nothing acknowledged is lost, nothing is there twice."""

import asyncio
import random

import pytest

from tests.faults.conftest import Serve
from tests.faults.writers import check, more, writing

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(3600)]


async def test_kill_9_under_writes(serve: Serve, ledger_url: str, request: pytest.FixtureRequest) -> None:
    kills = request.config.getoption("--kills")
    service = serve(ledger_url)
    await service.start()
    when = random.Random(1)  # noqa: S311  moments of a test
    async with writing(service.address) as told:
        for _ in range(kills):
            await more(told, 20)
            await asyncio.sleep(when.uniform(0, 0.2))
            await service.kill()
            await service.start()
    version = await check(service.address, told)
    print(
        f"{kills} kills, {len(told.acknowledged)} acknowledged, {told.retried} repeated, version {version}, "
        f"refusals {dict(told.refusals)}"
    )
    assert told.refusals["connection"] >= kills
    assert "Traceback" not in service.log.read_text()
