"""Running a subscription: its events as bodies, each charged, and how many may be open."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, GraphQLError, subscribe

from graphql_api.cache.answers import Made
from graphql_api.execution.limits import CODE, Limit
from graphql_api.graph.context import Context
from graphql_api.graph.stream import Stream
from graphql_api.http.answer import body_of
from graphql_api.http.graphql_errors import GraphQLRequestError, error_entries
from graphql_api.http.measuring import begun, refusals
from graphql_api.http.principal import principal_of
from graphql_api.http.running import to_json, trouble_of
from graphql_api.http.schema import GRAPHQL_SCHEMA, NODES
from graphql_api.http.spending import charged
from graphql_api.telemetry.operations import ERRORS, OK
from graphql_api.telemetry.streams import counted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from starlette.requests import HTTPConnection

    from graphql_api.http.running import Operation


@dataclass(frozen=True, slots=True)
class Event:
    """A result to send; `place` is where the client can resume after it, None where there is nothing to resume."""

    body: bytes
    place: str | None


class Failed(Exception):
    """The subscription could not be opened; `errors` are the entries of an answer."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        """Take the entries, at least one."""
        self.errors = errors
        super().__init__("failed")


class OpenSubscriptions:
    """Those of one process."""

    def __init__(self, limit: Limit) -> None:
        """Begin with none."""
        self._limit = limit
        self._open = 0

    @contextmanager
    def one(self, transport: str) -> Iterator[None]:
        """Count one for as long as the block lasts. Raises `GraphQLRequestError` if there are too many."""
        if self._open >= self._limit.most:
            raise refused_by(self._limit.exceeded("This process has all its subscriptions open", self._open + 1), 503)
        self._open += 1
        try:
            with counted(transport):
                yield
        finally:
            self._open -= 1


def refused_by(error: GraphQLError, status: int) -> GraphQLRequestError:
    """The refusal of a request by a limit."""
    told = {name: value for name, value in (error.extensions or {}).items() if name != "code"}
    return GraphQLRequestError(status, error.message, CODE, told)


async def events(connection: HTTPConnection, operation: Operation, resume: str | None) -> AsyncGenerator[Event, None]:
    """The events of a subscription, each read when the one before it was taken.

    Raises `Failed` if it cannot be opened, `GraphQLRequestError` when the principal's budget is used up.
    """
    state = connection.state
    stream = Stream(state.wakeups, resume)
    context = Context(state.database, principal_of(connection), NODES, state.entities, stream)
    priced = operation.priced
    running = begun(operation)
    with refusals(running):
        await charged(connection, 0 if priced is None else priced.cost)
    outcome = OK
    try:
        found = await _opened(operation, context)
        try:
            async for result in found:
                actual = 0 if priced is None else priced.plan.actual(result.data)
                seen = {ledger.id: ledger.version for ledger in context.snapshot.seen}
                # nothing is held open on the database while the client takes its time
                await context.close()
                await charged(connection, actual)
                data = None if result.data is None else to_json(result.data)
                yield Event(body_of(Made(data, actual, seen, {}, trouble_of(result)), priced), stream.place)
        finally:
            await found.aclose()
    except asyncio.CancelledError:
        await context.abort()
        raise
    except Exception:
        outcome = ERRORS
        raise
    finally:
        running.closed(outcome)
        await context.close()


async def _opened(operation: Operation, context: Context) -> AsyncGenerator[ExecutionResult, None]:
    given = operation.given
    opened = subscribe(
        GRAPHQL_SCHEMA,
        operation.document.ast,  # type: ignore[arg-type]  # the door has answered what has none
        context_value=context,
        variable_values=given.variables,
        operation_name=given.operation_name,
    )
    found = await opened if inspect.isawaitable(opened) else opened
    if isinstance(found, ExecutionResult):
        raise Failed(error_entries(found.errors or (), "BAD_USER_INPUT"))
    return found  # type: ignore[return-value]  # it is a generator
