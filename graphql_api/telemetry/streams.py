"""Metrics of subscriptions, by transport: websocket or sse."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN = Gauge("expense_subscriptions_open", "Subscriptions that are open.", ("transport",), multiprocess_mode="livesum")
_EVENTS = Counter("expense_subscription_events", "Events that were sent to subscriptions.", ("transport",))
_SLOW = Counter("expense_subscription_slow", "Clients that were left because they did not read.", ("transport",))


@contextmanager
def counted(transport: str) -> Iterator[None]:
    """A subscription is open."""
    _OPEN.labels(transport).inc()
    try:
        yield
    finally:
        _OPEN.labels(transport).dec()


def sent(transport: str) -> None:
    """An event was sent."""
    _EVENTS.labels(transport).inc()


def left(transport: str) -> None:
    """A client did not read what was sent."""
    _SLOW.labels(transport).inc()
