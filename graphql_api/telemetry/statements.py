"""Metrics of the database: time by kind of statement and main table, and errors."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from prometheus_client import Counter, Histogram
from sqlalchemy import Table, event
from sqlalchemy.sql import visitors

from graphql_api.telemetry.pools import watch_pool

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine, ExceptionContext
    from sqlalchemy.sql.compiler import Compiled

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 10.0)
"""Seconds."""

_STATEMENTS = ("select", "insert", "update", "delete")

_DURATION = Histogram(
    "expense_database_statement_duration_seconds",
    "Time that the database took for a statement; COMMIT has no table.",
    ("statement", "table"),
    buckets=BUCKETS,
)
_ERRORS = Counter("expense_database_errors", "Statements and connections that failed.", ("pool",))


def watch(engine: Engine, pool: str) -> None:
    """Measure what an engine does; `pool` names it in the metrics."""
    errors = _ERRORS.labels(pool)
    histograms: WeakKeyDictionary[Compiled, Histogram] = WeakKeyDictionary()
    other = _DURATION.labels("other", "")

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        if context is not None:
            context.started = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _after(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        if context is None:
            return
        seconds = perf_counter() - context.started
        compiled = context.compiled
        if compiled is None:
            told = context.execution_options.get("measured_as")
            (other if told is None else _DURATION.labels(*told)).observe(seconds)
            return
        # a compiled statement is kept and used again by SQLAlchemy, so it is looked into once
        histogram = histograms.get(compiled)
        if histogram is None:
            histogram = histograms[compiled] = _DURATION.labels(*_labels(compiled))
        histogram.observe(seconds)

    @event.listens_for(engine, "handle_error")
    def _error(_: ExceptionContext) -> None:
        errors.inc()

    _time_commits(engine)
    watch_pool(engine, pool)


def _time_commits(engine: Engine) -> None:
    """No event tells when a COMMIT has ended, and a durable one is most of what a write takes."""
    commit, histogram = engine.dialect.do_commit, _DURATION.labels("commit", "")

    def timed(connection: Any) -> None:
        started = perf_counter()
        commit(connection)
        histogram.observe(perf_counter() - started)

    engine.dialect.do_commit = timed  # type: ignore[assignment, method-assign]


def _labels(compiled: Compiled) -> tuple[str, str]:
    statement = compiled.statement
    if statement is None:
        return "other", ""
    kind = statement.__visit_name__
    if kind == "compound_select":
        kind = "select"
    if kind not in _STATEMENTS:
        return "other", ""
    table = getattr(statement, "table", None)
    if not isinstance(table, Table):
        table = next((part for part in visitors.iterate(statement) if isinstance(part, Table)), None)
    return kind, "" if table is None else table.name
