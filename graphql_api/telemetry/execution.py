"""How GraphQL operations are executed."""

from __future__ import annotations

from prometheus_client import Counter

_EXECUTED = Counter("graphql_operations_executed", "GraphQL queries and mutations that were executed.", ("by",))
_COMPILED = _EXECUTED.labels("compiled")
_CORE = _EXECUTED.labels("graphql-core")


def executed(*, is_compiled: bool) -> None:
    """Count one: by compiled functions, or by graphql-core where it cannot be compiled."""
    (_COMPILED if is_compiled else _CORE).inc()
