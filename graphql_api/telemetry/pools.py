"""Metrics of connection pools: their bounds, what is taken, and how long and how often one waits for a connection."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import PoolProxiedConnection

BUCKETS = (0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""

_IN_USE = Gauge(
    "expense_database_connections_in_use", "Connections taken from a pool.", ("pool",), multiprocess_mode="livesum"
)
_LIMIT = Gauge(
    "expense_database_connections_limit", "Connections that a pool may open.", ("pool",), multiprocess_mode="livesum"
)
_WAITING = Gauge(
    "expense_database_connections_waiting",
    "Callers that wait for a pool to give them a connection.",
    ("pool",),
    multiprocess_mode="livesum",
)
_ACQUIRING = Histogram(
    "expense_database_connection_acquire_duration_seconds",
    "Time until a pool gave a connection or gave up: waiting for a free one, and opening one.",
    ("pool",),
    buckets=BUCKETS,
)
_TIMEOUTS = Counter(
    "expense_database_connection_timeouts", "Callers that a pool gave no connection in the time allowed.", ("pool",)
)


def watch_pool(engine: Engine, pool: str) -> None:
    """Measure an engine's pool; `pool` names it in the metrics."""
    in_use = _IN_USE.labels(pool)
    _LIMIT.labels(pool).set(engine.pool.size() if isinstance(engine.pool, QueuePool) else 0)
    in_use.set(0)

    # set, not counted up and down: a connection that cannot be opened is checked in without having been checked out
    @event.listens_for(engine, "checkout")
    def _checkout(_: Any, __: Any, ___: Any) -> None:
        in_use.set(_taken(engine))

    @event.listens_for(engine, "checkin")
    def _checkin(_: Any, __: Any) -> None:
        in_use.set(_taken(engine) - 1)

    _time_connect(engine, pool)


def _taken(engine: Engine) -> int:
    pool = engine.pool
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def _time_connect(engine: Engine, name: str) -> None:
    """No event tells when a caller begins to wait."""
    connect = engine.pool.connect
    waiting, acquiring, timeouts = _WAITING.labels(name), _ACQUIRING.labels(name), _TIMEOUTS.labels(name)

    def timed() -> PoolProxiedConnection:
        started = perf_counter()
        waiting.inc()
        try:
            return connect()
        except PoolTimeout:
            timeouts.inc()
            raise
        finally:
            waiting.dec()
            acquiring.observe(perf_counter() - started)

    engine.pool.connect = timed  # type: ignore[method-assign]
