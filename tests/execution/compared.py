"""The same operation by compiled functions and by graphql-core."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, execute, get_operation_ast, parse
from graphql.execution import ExecutionHooks

from graphql_api.execution.compiler import compile_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLSchema

    from graphql_api.execution.compiler import Compiled


def compiled(schema: GraphQLSchema, text: str) -> Compiled:
    """An operation that can be compiled."""
    document = parse(text)
    operation = get_operation_ast(document)
    assert operation is not None
    found = compile_operation(schema, document, operation)
    assert found is not None
    return found


async def by_core(schema: GraphQLSchema, text: str, variables: Mapping[str, Any], context: Any = None) -> str:
    """What graphql-core answers."""
    settled = asyncio.Event()
    hooks = ExecutionHooks(async_work_finished=lambda _: settled.set())
    found = execute(schema, parse(text), context_value=context, variable_values=dict(variables), hooks=hooks)
    result = await found if inspect.isawaitable(found) else found
    assert isinstance(result, ExecutionResult)
    if context is not None and any(error.path for error in result.errors or ()):
        await settled.wait()  # what it has left beside an error reads from the context
    return told(result)


def told(result: ExecutionResult) -> str:
    """An answer as text: data in its order, and the errors in an order of their own."""
    errors = sorted(json.dumps(error.formatted, default=str) for error in result.errors or ())
    return json.dumps({"data": result.data, "errors": errors}, indent=1, default=str)
