"""What metrics are told of an operation."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from graphql_api.http.graphql_errors import GraphQLRequestError
from graphql_api.telemetry.operations import REFUSED, UNNAMED, Running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.http.running import Operation


def begun(operation: Operation) -> Running:
    """An operation is to run; a document without the one that was asked for is counted without a name."""
    kind = "unknown" if operation.kind is None else operation.kind.value
    return Running(operation.label or UNNAMED, kind)


@contextmanager
def refusals(running: Running) -> Iterator[None]:
    """Count it if the block refuses to let it run."""
    try:
        yield
    except GraphQLRequestError:
        running.ended(REFUSED)
        raise
