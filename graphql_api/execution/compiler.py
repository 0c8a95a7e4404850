"""An operation compiled: its fields in the answer's order, each with the function that makes it.

Which fields there are depends on the variables of @skip and @include alone. So an operation has a form for each
combination of their values, made at its first use by graphql-core's own collecting of fields; without such variables
it has one form.
"""

from __future__ import annotations

from asyncio import CancelledError, wait
from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.execute import default_field_resolver, default_type_resolver
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import is_awaitable

from graphql_api.execution.completion import make_object, make_object_serially, steps_of
from graphql_api.execution.places import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode, GraphQLObjectType, GraphQLSchema

    from graphql_api.execution.places import Step

FORMS = 16
"""Forms of an operation that are kept; the ones after them are not compiled."""

_MOST_ERRORS = 50
_CONDITIONS = frozenset({"skip", "include"})
_MISSING = object()


class Compiled:
    """An operation of a valid document that can be run with any variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        """Take what `compiled` has found fit."""
        self._schema = schema
        self._operation = operation
        self._definitions = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._fragments = {name: FragmentDetails(node, None) for name, node in self._definitions.items()}
        self._conditions = _condition_variables(document)
        self._forms: dict[tuple[Any, ...], list[tuple[str, Step]]] = {}
        self._root: GraphQLObjectType = schema.get_root_type(operation.operation)  # type: ignore[assignment]

    async def execute(self, context: Any, variables: Mapping[str, Any], root: Any = None) -> ExecutionResult | None:
        """The answer, as graphql-core gives it; None where it has to be asked, and nothing was run."""
        values: Any = VariableValues({}, {})
        if self._operation.variable_definitions:
            values = get_variable_values(
                self._schema, self._operation.variable_definitions, dict(variables), max_errors=_MOST_ERRORS
            )
            if isinstance(values, list):
                return ExecutionResult(None, values)
        run = Run(
            self._schema,
            self._definitions,
            self._fragments,
            root,
            context,
            self._operation,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
        )
        steps = self._form(run)
        return None if steps is None else await self._make(run, steps, root)

    async def _make(self, run: Run, steps: list[tuple[str, Step]], root: Any) -> ExecutionResult:
        data: Any = None
        try:
            if self._operation.operation is OperationType.MUTATION:
                data = await make_object_serially(run, steps, root, None)
            else:
                data = make_object(run, steps, root, None)
                if is_awaitable(data):
                    data = await data
        except GraphQLError as error:
            run.collected_errors.add(error, None)
            data = None
        finally:
            try:
                await _settled(run)
            finally:
                if run.collected_errors.errors or run.background_futures:
                    run.close()
        return run.build_response(data)  # type: ignore[return-value]  # nothing is delivered in parts

    def _form(self, run: Run) -> list[tuple[str, Step]] | None:
        """The steps for the run's values of conditions."""
        given = run.variable_values.coerced
        key = tuple(given.get(name, _MISSING) for name in self._conditions)
        found = self._forms.get(key)
        if found is None:
            if len(self._forms) >= FORMS:
                return None
            try:
                fields = collect_fields(
                    self._schema,
                    self._fragments,
                    run.variable_values,
                    self._root,
                    self._operation,
                    hide_suggestions=False,
                )
            except (GraphQLError, RecursionError):
                return None
            found = self._forms[key] = steps_of(run, self._root, fields[0])
        return found


def compile_operation(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Compiled | None:
    """The operation compiled; None where graphql-core has to run it.

    That is: subscriptions, whose events graphql-core runs; directives other than @skip and @include; variables of
    fragments.
    """
    if operation.operation is OperationType.SUBSCRIPTION or schema.get_root_type(operation.operation) is None:
        return None
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode) and node.variable_definitions:
            return None
    found = _Directives()
    visit(document, found)
    return None if found.names - _CONDITIONS else Compiled(schema, document, operation)


async def _settled(run: Run) -> None:
    """Wait for resolvers that an error beside them has left: what they read from is closed after the answer."""
    while left := [*run.background_futures]:
        try:
            await wait(left)
        except CancelledError:
            for one in left:
                one.cancel()
            raise


class _Directives(Visitor):
    """Finds the directives of a document, and the variables that are given to them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self.names.add(node.name.value)
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.variables.add(argument.value.name.value)


def _condition_variables(document: DocumentNode) -> tuple[str, ...]:
    found = _Directives()
    visit(document, found)
    return tuple(sorted(found.variables))
