"""Metrics and spans of the database: time by kind of statement and main table, and errors."""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from prometheus_client import Counter, Histogram
from sqlalchemy import Table, event
from sqlalchemy.sql import visitors

from graphql_api.telemetry.pools import watch_pool
from graphql_api.telemetry.tracing import happened

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


Kind = tuple[str, str]
"""What a statement does, and its main table."""

_OTHER: Kind = ("other", "")
_COMMIT: Kind = ("commit", "")


def watch(engine: Engine, pool: str) -> None:
    """Measure what an engine does, and have spans of it; `pool` names it in the metrics."""
    errors = _ERRORS.labels(pool)
    system = engine.dialect.name
    kinds: WeakKeyDictionary[Compiled, Kind] = WeakKeyDictionary()

    def kind_of(context: Any) -> Kind:
        compiled = context.compiled
        if compiled is None:
            return context.execution_options.get("measured_as", _OTHER)  # type: ignore[no-any-return]  # rows.py's
        # a compiled statement is kept and used again by SQLAlchemy, so it is looked into once
        found = kinds.get(compiled)
        if found is None:
            found = kinds[compiled] = _kind(compiled)
        return found

    @event.listens_for(engine, "before_cursor_execute")
    def _before(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        if context is not None:
            context.started = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def _after(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
        if context is not None:
            _ended(system, kind_of(context), context.started)

    @event.listens_for(engine, "handle_error")
    def _error(failure: ExceptionContext) -> None:
        errors.inc()
        context: Any = failure.execution_context
        if context is not None and hasattr(context, "started"):
            error = type(failure.original_exception).__name__
            happened(*_span(system, kind_of(context), context.started), error)

    _time_commits(engine, system)
    watch_pool(engine, pool)


def _ended(system: str, kind: Kind, started: float) -> None:
    histogram = _histograms.get(kind)
    if histogram is None:
        histogram = _histograms[kind] = _DURATION.labels(*kind)
    histogram.observe(perf_counter() - started)
    happened(*_span(system, kind, started))


def _span(system: str, kind: Kind, started: float) -> tuple[str, float, dict[str, Any]]:
    """A statement's span, without its text, which may hold amounts."""
    operation, table = kind
    return f"{operation} {table}".rstrip(), started, _attributes(system, operation, table)


@cache
def _attributes(system: str, operation: str, table: str) -> dict[str, Any]:
    told = {"db.system.name": system, "db.operation.name": operation}
    return {**told, "db.collection.name": table} if table else told


_histograms: dict[Kind, Histogram] = {}


def _time_commits(engine: Engine, system: str) -> None:
    """No event tells when a COMMIT has ended, and a durable one is most of what a write takes."""
    commit = engine.dialect.do_commit

    def timed(connection: Any) -> None:
        started = perf_counter()
        commit(connection)
        _ended(system, _COMMIT, started)

    engine.dialect.do_commit = timed  # type: ignore[assignment, method-assign]


def _kind(compiled: Compiled) -> Kind:
    statement = compiled.statement
    if statement is None:
        return _OTHER
    kind = statement.__visit_name__
    if kind == "compound_select":
        kind = "select"
    if kind not in _STATEMENTS:
        return _OTHER
    table = getattr(statement, "table", None)
    if not isinstance(table, Table):
        table = next((part for part in visitors.iterate(statement) if isinstance(part, Table)), None)
    return kind, "" if table is None else table.name
