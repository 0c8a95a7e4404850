"""Documents: parsed and validated once, and kept while they are in use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

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

from graphql_api.execution.limits import depth_limit

if TYPE_CHECKING:
    from graphql import GraphQLSchema

KEPT = 500
"""Documents that are kept."""

LONGEST_KEPT = 20_000
"""Characters of a document that is kept; longer ones are parsed each time."""

MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document, or the errors for which it cannot be run. `code` says which stage found them."""

    ast: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    code: str = ""

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation to run: the one named, or the only one."""
        return None if self.ast is None else get_operation_ast(self.ast, name)

    def only_queries(self, name: str | None) -> bool:
        """Whether the operation to run is a query."""
        operation = self.operation(name)
        return operation is not None and operation.operation is OperationType.QUERY


class Documents:
    """The documents of a schema, within limits."""

    def __init__(self, schema: GraphQLSchema, *, max_tokens: int, max_depth: int, introspection: bool = True) -> None:
        """Take the schema and the limits."""
        self._schema = schema
        self._max_tokens = max_tokens
        self._rules = [*specified_rules, depth_limit(max_depth)]
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)
        self._kept = lru_cache(KEPT)(self._read)

    def get(self, source: str) -> Document:
        """The document of a source text."""
        return self._kept(source) if len(source) <= LONGEST_KEPT else self._read(source)

    def _read(self, source: str) -> Document:
        try:
            ast = parse(source, max_tokens=self._max_tokens)
        except GraphQLError as error:
            return Document(None, (error,), "GRAPHQL_PARSE_FAILED")
        except RecursionError:
            return Document(None, (GraphQLError("The document is nested too deep."),), "GRAPHQL_PARSE_FAILED")
        try:
            errors = validate(self._schema, ast, self._rules, max_errors=MOST_ERRORS)
        except RecursionError:
            errors = [GraphQLError("The document is nested too deep.")]
        if errors:
            return Document(None, tuple(errors), "GRAPHQL_VALIDATION_FAILED")
        return Document(ast)
