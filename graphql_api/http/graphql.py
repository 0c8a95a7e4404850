"""GraphQL over HTTP, as its specification says: https://graphql.github.io/graphql-over-http/draft/."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.routing import Route

from graphql_api.cache.answers import Wanted
from graphql_api.execution.documents import LONGEST_KEPT, MOST_ERRORS, Document, Documents
from graphql_api.execution.limits import CODE, estimate_errors
from graphql_api.graph.context import Context, own_ledger
from graphql_api.http.answer import RESPONSE_TYPE, made_answer, refusal, response, tagged
from graphql_api.http.body import BodyError, parse_json, read_json
from graphql_api.http.costs import WEIGHTS, limits_of
from graphql_api.http.deadline import SETTING, overtime
from graphql_api.http.footprints import Reads, reads_of
from graphql_api.http.graphql_errors import GraphQLRequestError, error_entries
from graphql_api.http.json_text import canonical_json
from graphql_api.http.media import accepted
from graphql_api.http.persisted import Persisted
from graphql_api.http.principal import principal_of
from graphql_api.http.running import GraphQLRequest, Priced, run, to_json
from graphql_api.http.schema import NODES, SCHEMA
from graphql_api.http.spending import OverBudget, charge
from graphql_api.http.static import has_playground, playground_page

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from graphql import GraphQLError
    from starlette.requests import Request
    from starlette.responses import Response

    from graphql_api.cache.answers import Made
    from graphql_api.http.spending import Receipt
    from graphql_api.ledgers.principal import Principal
    from graphql_api.settings import Settings

JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
GRAPHQL_SCHEMA = SCHEMA._schema  # noqa: SLF001  strawberry has no public name for it


class Invalid(Exception):
    """A document that cannot run; `code` says which stage found the errors."""

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        """Take the errors, at least one."""
        self.errors = errors
        self.code = code
        super().__init__(code)


class GraphQLDoor:
    """The endpoint, made once for an application."""

    def __init__(self, settings: Settings) -> None:
        """Take the limits from the settings."""
        self._timeout = settings.request_timeout
        self._has_playground = settings.playground and has_playground()
        self._limits = limits_of(settings)
        self._persisted = Persisted(settings)
        self.documents = Documents(
            GRAPHQL_SCHEMA,
            limits=self._limits,
            weights=WEIGHTS,
            introspection=settings.introspection,
            interpret=reads_of,
        )

    def routes(self) -> list[Route]:
        """Where it is mounted."""
        return [Route("/graphql", self.handle, methods=["GET", "POST"])]

    async def handle(self, request: Request) -> Response:
        """Answer a GET or a POST; a browser that opens the address gets the playground."""
        if self._has_playground and request.method == "GET" and _is_browser(request):
            return playground_page()
        media = accepted(request.headers.get("accept", ""), (JSON_TYPE, RESPONSE_TYPE))
        if media is None:
            error = GraphQLRequestError(406, f"Accept {JSON_TYPE} or {RESPONSE_TYPE}: this service answers in them.")
            return refusal(error, JSON_TYPE)
        try:
            sent = await (_from_query(request) if request.method == "GET" else _from_body(request))
            given = _parameters(await self._persisted.resolve(sent, request.state.sent_documents))
            document = self._document(given)
            if request.method == "GET" and not document.only_queries(given.operation_name):
                _refuse_by_get(document, given)
            answer = await self._run(request, document, given, media, self._priced(document, given))
            return tagged(answer, request) if request.method == "GET" else answer
        except Invalid as invalid:
            content = to_json({"errors": error_entries(invalid.errors, invalid.code)})
            return response(content, media, never_ran=True)
        except GraphQLRequestError as error:
            return refusal(error, media)

    def _document(self, given: GraphQLRequest) -> Document:
        document = self.documents.get(given.query)
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

    async def _run(
        self, request: Request, document: Document, given: GraphQLRequest, media: str, priced: Priced | None
    ) -> Response:
        receipt = await _charged(request, priced)
        principal = principal_of(request)
        state = request.state

        def make() -> Coroutine[Any, Any, Made]:
            return run(GRAPHQL_SCHEMA, document, given, Context(state.database, principal, NODES), priced)

        wanted = None if state.answers is None else self._wanted(document, given, principal)
        try:
            async with asyncio.timeout(self._timeout):
                made = await (make() if wanted is None else state.answers.get(wanted, make))
        except TimeoutError:
            told = {"limit": "requestTime", "most": self._timeout, "setting": SETTING}
            raise GraphQLRequestError(504, overtime(self._timeout), "TIMEOUT", told) from None
        if receipt is not None and made.data is not None:
            await receipt.settle(made.cost)
        answer = made_answer(made, media, priced)
        if receipt is not None:
            answer.headers.update(receipt.headers)
        return answer

    def _wanted(self, document: Document, given: GraphQLRequest, principal: Principal) -> Wanted | None:
        """What tells the request from others, and what its answer depends on; None if no answer may be kept."""
        reads: Reads | None = self.documents.reading(document, given.operation_name)
        if reads is None:
            return None
        within = reads.within(given.variables, own_ledger(principal), NODES)
        variables = canonical_json(given.variables)
        if within is None or variables is None or len(given.query) + len(variables) > LONGEST_KEPT:
            return None
        # all that a principal is decides what it may see
        return Wanted((given.query, given.operation_name, variables, repr(principal)), within.ledgers, within.versions)


async def _charged(request: Request, priced: Priced | None) -> Receipt | None:
    if priced is None:
        return None
    try:
        return await charge(request, priced.cost)
    except OverBudget as error:
        told = {
            "retryAfter": error.retry_after,
            "cost": {"requested": error.cost, "left": error.left, "rate": error.rate, "capacity": error.capacity},
        }
        raise GraphQLRequestError(429, str(error), "OVER_BUDGET", told, error.headers) from None


def _is_browser(request: Request) -> bool:
    likes = accepted(request.headers.get("accept", ""), (JSON_TYPE, RESPONSE_TYPE, HTML_TYPE))
    return likes == HTML_TYPE and not {"query", "documentId", "extensions"} & set(request.query_params)


def _refuse_by_get(document: Document, given: GraphQLRequest) -> None:
    if document.operation(given.operation_name) is not None:
        raise GraphQLRequestError(405, "GET runs queries only: send a mutation by POST.")


async def _from_query(request: Request) -> dict[str, Any]:
    parameters = request.query_params
    for name in ("query", "documentId", "variables", "operationName", "extensions"):
        if len(parameters.getlist(name)) > 1:
            raise GraphQLRequestError(400, f"The parameter {name} is given twice.")
    given: dict[str, Any] = {name: parameters.get(name) for name in ("query", "documentId", "operationName")}
    for name in ("variables", "extensions"):
        if parameters.get(name):
            try:
                given[name] = parse_json(parameters[name].encode("utf-8", "surrogatepass"))
            except BodyError as error:
                raise GraphQLRequestError(400, f"The parameter {name} is not JSON: {error.detail}") from None
    return given


async def _from_body(request: Request) -> dict[str, Any]:
    try:
        given = await read_json(request)
    except BodyError as error:
        raise GraphQLRequestError(error.status, error.detail) from None
    if not isinstance(given, dict):
        kind = "Batches are not taken: send" if isinstance(given, list) else "The body must be"
        raise GraphQLRequestError(400, f"{kind} one JSON object with the member query.")
    return given


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
