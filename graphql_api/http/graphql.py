"""GraphQL over HTTP, as its specification says: https://graphql.github.io/graphql-over-http/draft/."""

from __future__ import annotations

import asyncio
import inspect
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult, execute
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.execution.documents import MOST_ERRORS, Document, Documents
from graphql_api.execution.limits import CODE, estimate_errors
from graphql_api.graph.context import Context
from graphql_api.http.body import BodyError, parse_json, read_json
from graphql_api.http.costs import WEIGHTS, limits_of
from graphql_api.http.deadline import SETTING, overtime
from graphql_api.http.graphql_errors import GraphQLRequestError, error_entries, retry_after
from graphql_api.http.media import accepted
from graphql_api.http.principal import principal_of
from graphql_api.http.schema import NODES, SCHEMA
from graphql_api.http.spending import OverBudget, charge
from graphql_api.http.static import has_playground, playground_page
from graphql_api.ledgers.errors import LedgerError
from graphql_api.ledgers.ids import GlobalId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import GraphQLError
    from starlette.requests import Request

    from graphql_api.execution.plan import Plan
    from graphql_api.http.spending import Receipt
    from graphql_api.settings import Settings

RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
GRAPHQL_SCHEMA = SCHEMA._schema  # noqa: SLF001  strawberry has no public name for it


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
        self.documents = Documents(
            GRAPHQL_SCHEMA, limits=self._limits, weights=WEIGHTS, introspection=settings.introspection
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
            return _refusal(error, JSON_TYPE)
        try:
            given = await (_from_query(request) if request.method == "GET" else _from_body(request))
            document = self._document(given)
            if request.method == "GET" and not document.only_queries(given.operation_name):
                _refuse_by_get(document, given)
            return await self._run(request, document, given, media, self._priced(document, given))
        except Invalid as invalid:
            return _answer({"errors": error_entries(invalid.errors, invalid.code)}, media)
        except GraphQLRequestError as error:
            return _refusal(error, media)

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
        context = Context(request.state.database, principal_of(request), NODES)
        try:
            async with asyncio.timeout(self._timeout):
                result = await _execute(document, given, context)
                extensions = await _extensions(context) if result.data is not None else None
        except TimeoutError:
            await context.abort()
            told = {"limit": "requestTime", "most": self._timeout, "setting": SETTING}
            raise GraphQLRequestError(504, overtime(self._timeout), "TIMEOUT", told) from None
        except asyncio.CancelledError:
            await context.abort()
            raise
        finally:
            await context.close()
        body: dict[str, Any] = {}
        if result.errors:
            # what never began to run has no data at all
            code = "BAD_USER_INPUT" if result.data is None and not _has_path(result) else "INTERNAL_SERVER_ERROR"
            body["errors"] = error_entries(result.errors, code)
        if result.data is not None or not result.errors or _has_path(result):
            body["data"] = result.data
        if result.data is not None and priced is not None:
            actual = priced.plan.actual(result.data)
            extensions = {**(extensions or {}), "cost": {"requested": priced.cost, "actual": actual}}
            if receipt is not None:
                await receipt.settle(actual)
        if extensions:
            body["extensions"] = extensions
        answer = _answer(body, media, retry_after(result.errors or ()) if result.data is None else None)
        if receipt is not None:
            answer.headers.update(receipt.headers)
        return answer


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


async def _execute(document: Document, given: GraphQLRequest, context: Context) -> ExecutionResult:
    if document.ast is None:  # pragma: no cover  the caller has answered
        return ExecutionResult(None, list(document.errors))
    found = execute(
        GRAPHQL_SCHEMA,
        document.ast,
        context_value=context,
        variable_values=given.variables,
        operation_name=given.operation_name,
    )
    return await found if inspect.isawaitable(found) else found


async def _extensions(context: Context) -> dict[str, Any] | None:
    """Which version of which ledger the answer is of."""
    try:
        versions = await context.versions()
    except LedgerError:
        return None
    told = [{"id": str(GlobalId("Ledger", ledger_id)), "version": version} for ledger_id, version in versions.items()]
    if not told:
        return None
    return {"ledger": told[0]} if len(told) == 1 else {"ledger": told[0], "ledgers": told}


def _has_path(result: ExecutionResult) -> bool:
    return any(error.path for error in result.errors or ())


def _is_browser(request: Request) -> bool:
    likes = accepted(request.headers.get("accept", ""), (JSON_TYPE, RESPONSE_TYPE, HTML_TYPE))
    return likes == HTML_TYPE and "query" not in request.query_params


def _refuse_by_get(document: Document, given: GraphQLRequest) -> None:
    if document.operation(given.operation_name) is not None:
        raise GraphQLRequestError(405, "GET runs queries only: send a mutation by POST.")


async def _from_query(request: Request) -> GraphQLRequest:
    parameters = request.query_params
    for name in ("query", "variables", "operationName", "extensions"):
        if len(parameters.getlist(name)) > 1:
            raise GraphQLRequestError(400, f"The parameter {name} is given twice.")
    given: dict[str, Any] = {"query": parameters.get("query"), "operationName": parameters.get("operationName")}
    for name in ("variables", "extensions"):
        if parameters.get(name):
            try:
                given[name] = parse_json(parameters[name].encode("utf-8", "surrogatepass"))
            except BodyError as error:
                raise GraphQLRequestError(400, f"The parameter {name} is not JSON: {error.detail}") from None
    return _parameters(given)


async def _from_body(request: Request) -> GraphQLRequest:
    try:
        given = await read_json(request)
    except BodyError as error:
        raise GraphQLRequestError(error.status, error.detail) from None
    if not isinstance(given, dict):
        kind = "Batches are not taken: send" if isinstance(given, list) else "The body must be"
        raise GraphQLRequestError(400, f"{kind} one JSON object with the member query.")
    return _parameters(given)


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


def _answer(body: dict[str, Any], media: str, retry: int | None = None) -> Response:
    status = 400 if media == RESPONSE_TYPE and "data" not in body else 200
    headers = {}
    if retry is not None:
        status, headers = 503, {"Retry-After": str(retry)}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, headers, f"{media}; charset=utf-8")


def _refusal(error: GraphQLRequestError, media: str) -> Response:
    entry = {"message": error.message, "extensions": {"code": error.code, **error.extensions}}
    content = json.dumps({"errors": [entry]}, ensure_ascii=False).encode()
    allow = {"Allow": "POST"} if error.status == 405 else {}  # noqa: PLR2004  HTTP's own number
    return Response(content, error.status, {**allow, **error.headers}, f"{media}; charset=utf-8")
