"""Tells the application that its process was asked to end, before the server waits for the requests in flight.

The lifespan's own end comes after that wait, so answers without an end of their own (event streams, subscriptions)
look at this event, and readiness is withdrawn by it.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def closing_event() -> Iterator[asyncio.Event]:
    """An event that is set when SIGTERM or SIGINT comes; the handlers of the server are called as before."""
    event = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event  # only the main thread may listen to signals
        return
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {number: signal.getsignal(number) for number in _SIGNALS}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(event.set)
        before[number](number, frame)

    ours = [number for number in _SIGNALS if callable(before[number])]
    for number in ours:
        signal.signal(number, told)
    try:
        yield event
    finally:
        for number in ours:
            if signal.getsignal(number) is told:
                signal.signal(number, before[number])
