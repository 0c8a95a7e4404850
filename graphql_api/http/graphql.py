"""GraphQL over HTTP, as its specification says: https://graphql.github.io/graphql-over-http/draft/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import OperationType
from starlette.routing import Route, WebSocketRoute

from graphql_api.http.answer import RESPONSE_TYPE, body_of, made_answer, refusal, response, tagged
from graphql_api.http.body import BodyError, parse_json, read_json
from graphql_api.http.graphql_errors import GraphQLRequestError, error_entries
from graphql_api.http.media import accepted
from graphql_api.http.observe import EVENT_STREAM
from graphql_api.http.operations import Invalid, Operations
from graphql_api.http.origins import Origins, tells_origin
from graphql_api.http.principal import graphql_principal_of
from graphql_api.http.running import to_json
from graphql_api.http.sse import stream
from graphql_api.http.static import has_playground, playground_page
from graphql_api.http.websocket import WebSocketDoor

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from graphql_api.settings import Settings

JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
_OFFERED = (JSON_TYPE, RESPONSE_TYPE, EVENT_STREAM)


class GraphQLDoor:
    """The endpoint, made once for an application."""

    def __init__(self, settings: Settings) -> None:
        """Take the limits from the settings."""
        self._has_playground = settings.playground and has_playground()
        self._operations = Operations(settings)
        self._origins = Origins(settings.cors_origins)
        self._websocket = WebSocketDoor(self._operations, settings)
        self._stall = settings.stream_stall_timeout

    def routes(self) -> list[BaseRoute]:
        """Where it is mounted."""
        return [
            Route("/graphql", self.handle, methods=["GET", "POST"]),
            WebSocketRoute("/graphql", self._websocket.serve),
        ]

    async def handle(self, request: Request) -> Response:
        """Answer a GET or a POST; a browser that opens the address gets the playground."""
        if self._has_playground and request.method == "GET" and _is_browser(request):
            return playground_page()
        media = accepted(request.headers.get("accept", ""), _OFFERED)
        if media is None:
            offered = f"{JSON_TYPE}, {RESPONSE_TYPE} or {EVENT_STREAM}"
            return refusal(GraphQLRequestError(406, f"Accept {offered}: this service answers in them."), JSON_TYPE)
        try:
            return await self._respond(request, media)
        except Invalid as invalid:
            content = to_json({"errors": error_entries(invalid.errors, invalid.code)})
            return response(content, media, never_ran=True)
        except GraphQLRequestError as error:
            return refusal(error, JSON_TYPE if media == EVENT_STREAM else media)

    async def _respond(self, request: Request, media: str) -> Response:
        # nothing of a stranger's is parsed
        graphql_principal_of(request)
        if request.method == "GET":
            self._check_sender(request)
        sent = await (_from_query(request) if request.method == "GET" else _from_body(request))
        try:
            operation = await self._operations.prepare(request, sent)
        except Invalid as invalid:
            if media != EVENT_STREAM:
                raise
            # whoever reads a stream sees the errors in it, and none of the status
            return stream(request, to_json({"errors": error_entries(invalid.errors, invalid.code)}), self._stall)
        if request.method == "GET" and operation.kind is OperationType.MUTATION:
            raise GraphQLRequestError(405, "GET runs queries only: send a mutation by POST.")
        if media == EVENT_STREAM and operation.kind is OperationType.SUBSCRIPTION:
            return stream(request, operation, self._stall)
        made, receipt = await self._operations.make(request, operation)
        if media == EVENT_STREAM:
            return stream(request, body_of(made, operation.priced), self._stall)
        answer = made_answer(made, media, operation.priced)
        if receipt is not None:
            answer.headers.update(receipt.headers)
        return tagged(answer, request) if request.method == "GET" else answer

    def _check_sender(self, request: Request) -> None:
        """Refuse a GET that another site's page can have sent, by a link or an image."""
        if not self._origins.may_call(request.headers):
            raise GraphQLRequestError(403, "The request comes from a page of another site: see EXPENSE_CORS_ORIGINS.")
        named = request.headers.get("accept", "").lower()
        if not tells_origin(request.headers) and not any(one in named for one in _OFFERED):
            message = f"Name what you take: a query by GET needs Accept: {RESPONSE_TYPE} or {JSON_TYPE}."
            raise GraphQLRequestError(400, message)


def _is_browser(request: Request) -> bool:
    likes = accepted(request.headers.get("accept", ""), (JSON_TYPE, RESPONSE_TYPE, HTML_TYPE))
    return likes == HTML_TYPE and not {"query", "documentId", "extensions"} & set(request.query_params)


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
