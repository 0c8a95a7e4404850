"""Operations, whatever they came by: found, judged, priced and run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from graphql import OperationType

from graphql_api.cache.answers import Wanted
from graphql_api.execution.documents import LONGEST_KEPT, MOST_ERRORS, Document, Documents
from graphql_api.execution.limits import CODE, estimate_errors
from graphql_api.execution.suggestions import suggest_names
from graphql_api.graph.context import Context
from graphql_api.http.costs import WEIGHTS, limits_of
from graphql_api.http.deadline import SETTING, overtime
from graphql_api.http.footprints import Reads, reads_of
from graphql_api.http.graphql_errors import GraphQLRequestError
from graphql_api.http.json_text import canonical_json
from graphql_api.http.measuring import begun, refusals
from graphql_api.http.persisted import Persisted
from graphql_api.http.principal import principal_of
from graphql_api.http.running import GraphQLRequest, Operation, Priced, run
from graphql_api.http.schema import GRAPHQL_SCHEMA, NODES
from graphql_api.http.spending import charged
from graphql_api.ledgers.principal import LOCAL
from graphql_api.telemetry.context import annotate
from graphql_api.telemetry.operations import ERRORS, OK, TIMEOUT, OperationNames, refused
from graphql_api.telemetry.tracing import span

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from contextlib import AbstractContextManager

    from graphql import GraphQLError
    from starlette.requests import HTTPConnection

    from graphql_api.cache.answers import Made
    from graphql_api.http.spending import Receipt
    from graphql_api.ledgers.principal import Principal
    from graphql_api.settings import Settings


_LONGEST_NAME = 100


class Invalid(Exception):
    """A document that cannot run; `code` says which stage found the errors."""

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        """Take the errors, at least one."""
        self.errors = errors
        self.code = code
        super().__init__(code)


class Operations:
    """Made once for an application, and shared by its doors."""

    def __init__(self, settings: Settings) -> None:
        """Take the limits from the settings."""
        self._timeout = settings.request_timeout
        self._limits = limits_of(settings)
        self._persisted = Persisted(settings)
        self._names = OperationNames(settings.metrics_operations, self._persisted.names)
        suggest_names(allowed=settings.introspection)
        self.documents = Documents(
            GRAPHQL_SCHEMA,
            limits=self._limits,
            weights=WEIGHTS,
            introspection=settings.introspection,
            interpret=reads_of,
        )

    async def prepare(self, connection: HTTPConnection, sent: dict[str, Any]) -> Operation:
        """The operation that a request asks for. Raises `GraphQLRequestError`, and `Invalid` for what cannot run."""
        try:
            given = _parameters(await self._persisted.resolve(sent, connection.state.sent_documents))
            document = self._valid(given.query)
            priced = self._priced(document, given)
        except (Invalid, GraphQLRequestError):
            refused()
            raise
        node = document.operation(given.operation_name)
        if node is None:
            return Operation(document, given, priced, None, None)
        name = None if node.name is None else node.name.value
        annotate(operation=name, operation_type=node.operation.value)
        return Operation(document, given, priced, node.operation, self._names.label(name))

    async def make(self, connection: HTTPConnection, operation: Operation) -> tuple[Made, Receipt | None]:
        """Run a query or a mutation, or take the answer that is kept. Raises `GraphQLRequestError`."""
        document, given, priced = operation.document, operation.given, operation.priced
        if operation.kind is OperationType.SUBSCRIPTION:
            message = "A subscription is opened by WebSocket (graphql-transport-ws) or with Accept: text/event-stream."
            raise GraphQLRequestError(400, message)
        principal = principal_of(connection)
        running = begun(operation)
        with refusals(running):
            receipt = await charged(connection, 0 if priced is None else priced.cost)
        state = connection.state

        def make() -> Coroutine[Any, Any, Made]:
            compiled = self.documents.compiled(document, given.operation_name)
            return run(GRAPHQL_SCHEMA, operation, compiled, Context(state.database, principal, NODES, state.entities))

        wanted = None if state.answers is None else self._wanted(document, given, principal)
        try:
            async with asyncio.timeout(self._timeout):
                with _span(operation):
                    made = await (make() if wanted is None else state.answers.get(wanted, make))
        except TimeoutError:
            running.ended(TIMEOUT)
            told = {"limit": "requestTime", "most": self._timeout, "setting": SETTING}
            raise GraphQLRequestError(504, overtime(self._timeout), "TIMEOUT", told) from None
        running.ended(OK if made.trouble is None else ERRORS)
        if receipt is not None and made.data is not None:
            await receipt.settle(made.cost)
        return made, receipt

    def _valid(self, query: str) -> Document:
        document = self.documents.get(query)
        if document.ast is None:
            raise Invalid(document.errors, document.code)
        return document

    def _priced(self, document: Document, given: GraphQLRequest) -> Priced | None:
        plan = self.documents.plan(document, given.operation_name)
        if plan is None:
            return None  # there is no such operation: running it says so
        estimate = plan.estimate(given.variables)
        if errors := list(estimate_errors(estimate, self._limits)):
            raise Invalid(errors[:MOST_ERRORS], CODE)
        return Priced(plan, estimate.cost)

    def _wanted(self, document: Document, given: GraphQLRequest, principal: Principal) -> Wanted | None:
        """What tells the request from others, and what its answer depends on; None if no answer may be kept."""
        reads: Reads | None = self.documents.reading(document, given.operation_name)
        if reads is None:
            return None
        within = reads.within(given.variables, principal.ledger_id, NODES)
        variables = canonical_json(given.variables)
        if within is None or variables is None or len(given.query) + len(variables) > LONGEST_KEPT:
            return None
        # all that a principal is decides what it may see
        subject = None if principal is LOCAL else principal.subject
        key = (given.query, given.operation_name, variables, repr(principal))
        return Wanted(key, subject, within.ledgers, within.versions)


def _span(operation: Operation) -> AbstractContextManager[None]:
    # the name is the client's own text: an attribute, for what spans are called by should be few
    kind = "operation" if operation.kind is None else operation.kind.value
    name = operation.given.operation_name or ""
    return span(kind, graphql__operation__type=kind, graphql__operation__name=name[:_LONGEST_NAME])


def _parameters(given: dict[str, Any]) -> GraphQLRequest:
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise GraphQLRequestError(400, "The parameter query must be the text of a GraphQL document.")
    if variables is not None and not isinstance(variables, dict):
        raise GraphQLRequestError(400, "The parameter variables must be an object.")
    if name is not None and not isinstance(name, str):
        raise GraphQLRequestError(400, "The parameter operationName must be a text.")
    if given.get("extensions") is not None and not isinstance(given["extensions"], dict):
        raise GraphQLRequestError(400, "The parameter extensions must be an object.")
    return GraphQLRequest(query, variables or {}, name or None)
