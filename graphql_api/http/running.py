"""Running an operation in a context of its own, and what came of it."""

from __future__ import annotations

import asyncio
import inspect
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, execute
from graphql.execution import ExecutionHooks

from graphql_api.cache.answers import Made
from graphql_api.http.graphql_errors import error_entries, retry_after
from graphql_api.ledgers.errors import LedgerError
from graphql_api.telemetry.execution import executed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLSchema, OperationType

    from graphql_api.execution.compiler import Compiled
    from graphql_api.execution.documents import Document
    from graphql_api.execution.plan import Plan
    from graphql_api.graph.context import Context


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of a request."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass(frozen=True, slots=True)
class Priced:
    """An operation's plan, and what it may cost with the variables of a request."""

    plan: Plan
    cost: int


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for. `kind` is None where the document has no such operation: running it says so.

    `label` stands for its name in metrics.
    """

    document: Document
    given: GraphQLRequest
    priced: Priced | None
    kind: OperationType | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: the entries of `errors`, and the seconds to wait if a dependency did not answer.

    `began` is false where nothing was run at all, so that there is no `data`, not even null.
    """

    errors: list[dict[str, Any]]
    retry_after: int | None
    began: bool


async def run(schema: GraphQLSchema, operation: Operation, compiled: Compiled | None, context: Context) -> Made:
    """Run an operation, by graphql-core if it is not compiled.

    What it reads is ended on the database too if this is cancelled.
    """
    try:
        result = await _execute(schema, operation, compiled, context)
        versions = {} if result.data is None else await _versions(context)
        priced = operation.priced
        cost = 0 if priced is None else priced.plan.actual(result.data)
        seen = {ledger.id: ledger for ledger in context.snapshot.seen}
        data = None if result.data is None else to_json(result.data)
        return Made(data, cost, versions, seen, trouble_of(result))
    except asyncio.CancelledError:
        await context.abort()
        raise
    finally:
        await context.close()


async def _execute(
    schema: GraphQLSchema, operation: Operation, compiled: Compiled | None, context: Context
) -> ExecutionResult:
    document, given = operation.document, operation.given
    if document.ast is None:  # pragma: no cover  the caller has answered
        return ExecutionResult(None, list(document.errors))
    made = None if compiled is None else await compiled.execute(context, given.variables)
    executed(is_compiled=made is not None)
    if made is not None:
        return made
    settled = asyncio.Event()
    found = execute(
        schema,
        document.ast,
        context_value=context,
        variable_values=given.variables,
        operation_name=given.operation_name,
        hooks=ExecutionHooks(async_work_finished=lambda _: settled.set()),
    )
    result: ExecutionResult = await found if inspect.isawaitable(found) else found
    if any(error.path for error in result.errors or ()):
        # resolvers beside a field that failed go on after the answer: none may read once the context is closed
        await settled.wait()
    return result


async def _versions(context: Context) -> Mapping[int, int]:
    try:
        return await context.versions()
    except LedgerError:
        return {}


def trouble_of(result: ExecutionResult) -> Trouble | None:
    """What went wrong in a result, None if nothing did."""
    if not result.errors:
        return None
    # what never began to run has no data at all
    began = result.data is not None or any(error.path for error in result.errors)
    code = "INTERNAL_SERVER_ERROR" if began else "BAD_USER_INPUT"
    return Trouble(error_entries(result.errors, code), retry_after(result.errors), began)


def to_json(value: Any) -> bytes:
    """The text of an answer."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
