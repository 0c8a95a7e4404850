"""Documents: parsed, measured and validated once, and kept while they are in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from graphql_api.execution.compiler import Compiled, compile_operation
from graphql_api.execution.footprint import footprint
from graphql_api.execution.limits import CODE, shape_errors
from graphql_api.execution.plan import Plan, plan_operation

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import GraphQLSchema

    from graphql_api.execution.footprint import Footprint
    from graphql_api.execution.limits import Limits
    from graphql_api.execution.weights import Weights

KEPT = 500
"""Documents that are kept."""

LONGEST_KEPT = 20_000
"""Characters of a document that is kept; longer ones are parsed each time."""

_TOO_MANY_TOKENS = "Syntax Error: Document contains more than"

MOST_ERRORS = 5
"""Mistakes that a document is told of; more would make an answer that is far larger than its request."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document, or the errors for which it cannot be run. `code` says which stage found them."""

    ast: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    code: str = ""
    plans: dict[str | None, Plan] = field(default_factory=dict, compare=False)
    readings: dict[str | None, Any] = field(default_factory=dict, compare=False)
    compiled: dict[str | None, Compiled | None] = field(default_factory=dict, compare=False)

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run: the one named, or the only one."""
        return None if self.ast is None else get_operation_ast(self.ast, name)

    def only_queries(self, name: str | None) -> bool:
        """Whether the operation to run is a query."""
        operation = self.operation(name)
        return operation is not None and operation.operation is OperationType.QUERY


class Documents:
    """The documents of a schema, within limits."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits,
        weights: Weights | None = None,
        introspection: bool = True,
        interpret: Callable[[Footprint], Any] = lambda found: found,
    ) -> None:
        """Take the schema, the limits, what its fields cost, and what is to be known of what a query looks at."""
        self._schema = schema
        self._limits = limits
        self._weights = weights
        self._interpret = interpret
        self._rules = [*specified_rules]
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)
        self._kept = lru_cache(KEPT)(self._read)

    def get(self, source: str) -> Document:
        """The document of a source text."""
        return self._kept(source) if len(source) <= LONGEST_KEPT else self._read(source)

    def plan(self, document: Document, name: str | None) -> Plan | None:
        """What the operation to run costs, made at its first use; None if there is no such operation."""
        found = document.plans.get(name)
        if found is None:
            operation = document.operation(name)
            if document.ast is None or operation is None or self._weights is None:
                return None
            found = document.plans[name] = plan_operation(self._schema, document.ast, operation, self._weights)
        return found

    def compiled(self, document: Document, name: str | None) -> Compiled | None:
        """The operation to run, compiled at its first use; None if graphql-core has to run it."""
        if name in document.compiled:
            return document.compiled[name]
        operation = document.operation(name)
        if document.ast is None or operation is None:
            return None
        found = document.compiled[name] = compile_operation(self._schema, document.ast, operation)
        return found

    def reading(self, document: Document, name: str | None) -> Any:
        """What `interpret` makes of the footprint of the query to run, at its first use; None if it is no query."""
        if name in document.readings:
            return document.readings[name]
        operation = document.operation(name)
        if document.ast is None or operation is None or operation.operation is not OperationType.QUERY:
            return None
        found = self._interpret(footprint(self._schema, document.ast, operation))
        document.readings[name] = found
        return found

    def _read(self, source: str) -> Document:
        try:
            ast = parse(source, max_tokens=self._limits.tokens.most)
        except GraphQLError as error:
            most = self._limits.tokens.most
            if error.message.startswith(_TOO_MANY_TOKENS):
                return Document(
                    None, (self._limits.tokens.exceeded(f"The document has over {most:,} tokens", most + 1),), CODE
                )
            return Document(None, (error,), "GRAPHQL_PARSE_FAILED")
        except RecursionError:
            return Document(None, (GraphQLError("The document is nested too deep."),), "GRAPHQL_PARSE_FAILED")
        try:
            if errors := list(shape_errors(ast, self._limits)):
                return Document(None, tuple(errors[:MOST_ERRORS]), CODE)
            errors = validate(self._schema, ast, self._rules, max_errors=MOST_ERRORS)
        except RecursionError:
            errors = [GraphQLError("The document is nested too deep.")]
        if errors:
            return Document(None, tuple(errors), "GRAPHQL_VALIDATION_FAILED")
        return Document(ast)
