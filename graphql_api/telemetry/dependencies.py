"""Metrics of what the service depends on, as its health checks find it."""

from __future__ import annotations

from prometheus_client import Gauge

_UP = Gauge(
    "expense_dependency_up",
    "Whether a dependency answered the newest health check (1) or not (0); told once something asks for the health.",
    ("dependency",),
    # of all workers the one that was asked last knows best
    multiprocess_mode="livemostrecent",
)


def checked(dependency: str, *, up: bool) -> None:
    """Tell what a check found; `dependency` is database or redis."""
    _UP.labels(dependency).set(up)
