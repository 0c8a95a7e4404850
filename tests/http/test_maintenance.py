"""What the service does beside answering, and how it learns of its end."""

import asyncio
import logging
import os
import signal

import pytest

from graphql_api.http.closing import closing_event
from graphql_api.http.maintenance import maintenance

pytestmark = pytest.mark.anyio


async def test_it_goes_on_after_an_error_and_ends_with_the_block(caplog: pytest.LogCaptureFixture) -> None:
    before = asyncio.all_tasks()
    rounds = 0
    enough = asyncio.Event()

    async def round_() -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise RuntimeError("the database is away")
        enough.set()
        return rounds

    with caplog.at_level(logging.DEBUG, "graphql_api.maintenance"):
        async with maintenance(round_, period=0.001):
            await enough.wait()
    assert "the database is away" in caplog.text
    assert asyncio.all_tasks() == before


async def test_the_closing_event_is_set_by_a_signal_and_the_servers_handler_runs_too() -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: seen.append(number))
    try:
        ours = signal.getsignal(signal.SIGTERM)
        with closing_event() as event:
            assert not event.is_set()
            os.kill(os.getpid(), signal.SIGTERM)
            await event.wait()
        assert seen == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is ours
    finally:
        signal.signal(signal.SIGTERM, before)
