"""Metrics of GraphQL operations, by their names as far as these are few.

A name is a client's own text and has no bound, so only some are labels: those of trusted documents where these alone
are run, else the first that a process is asked for. What has another name, or none, is counted under a label that no
operation can have.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from prometheus_client import Counter, Histogram

from graphql_api.telemetry.requests import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED: Final = "(unnamed)"
OTHER: Final = "(other)"

OK: Final = "ok"
ERRORS: Final = "errors"
REFUSED: Final = "refused"
TIMEOUT: Final = "timeout"

_OPERATIONS = Counter(
    "graphql_operations",
    "Operations that ended: ok, with errors, refused before they ran, or by a timeout.",
    ("operation", "type", "outcome"),
)
_DURATION = Histogram(
    "graphql_operation_duration_seconds",
    "Time from an operation's start to its answer, of queries and mutations that ran.",
    ("operation", "type"),
    buckets=BUCKETS,
)
_ERRORS = Counter("graphql_errors", "Entries in the errors of answers, by their code.", ("code",))


class OperationNames:
    """Decides which names are labels, at most `most` of them; `known` are labels from the start, and the only ones."""

    def __init__(self, most: int, known: Iterable[str] = ()) -> None:
        """Begin with the known names."""
        self._names = set(sorted(known)[:most])
        self._room = 0 if self._names else most

    def label(self, name: str | None) -> str:
        """What stands for a name."""
        if name is None:
            return UNNAMED
        if name not in self._names:
            if self._room == 0:
                return OTHER
            self._room -= 1
            self._names.add(name)
        return name


class Running:
    """An operation that was let in: `operation` is its name's label, `kind` query, mutation or subscription."""

    __slots__ = ("_began", "_kind", "_operation")

    def __init__(self, operation: str, kind: str) -> None:
        """It begins now."""
        self._operation = operation
        self._kind = kind
        self._began = perf_counter()

    def ended(self, outcome: str) -> None:
        """It has its answer."""
        _OPERATIONS.labels(self._operation, self._kind, outcome).inc()
        if outcome != REFUSED:
            _DURATION.labels(self._operation, self._kind).observe(perf_counter() - self._began)

    def closed(self, outcome: str) -> None:
        """It was a subscription: how long it was listened to says nothing of how fast it is."""
        _OPERATIONS.labels(self._operation, self._kind, outcome).inc()


def refused() -> None:
    """A document or a request cannot run at all; its name, if any, is not known to be one."""
    _OPERATIONS.labels(UNNAMED, "unknown", REFUSED).inc()


def failed(code: str) -> None:
    """An answer is to tell of an error. `code` is one of the service's own."""
    _ERRORS.labels(code).inc()
