"""The one edge where errors become HTTP: problem details (RFC 9457). A dialect with a shape of its own maps first.

=================  ======  ===============================================================
error              status  members beside type, title, status and detail
=================  ======  ===============================================================
``HTTPException``  its     404, 405 with Allow, 408, 413 and so on
``Unauthenticated``  401   with WWW-Authenticate
``Refused``        400     ``problems``: code, message and path of each
``Unavailable``    503     Retry-After; ``outcome: unknown`` when a COMMIT was not answered
anything else      500     ``request_id``, under which the log has the traceback
=================  ======  ===============================================================
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Match

from graphql_api.http.principal import challenge
from graphql_api.ledgers.errors import OutcomeUnknown, Refused, Unauthenticated, Unavailable
from graphql_api.telemetry.context import current

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Scope


class ProblemResponse(JSONResponse):
    """Problem details."""

    media_type = "application/problem+json"


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """A problem whose title is the status's phrase; `members` extend it."""
    context = current()
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    if context is not None:
        body["request_id"] = context.request_id
    return ProblemResponse(body, status, headers=headers)


def unexpected() -> Response:
    """What a caller is told of an error that nobody foresaw."""
    return problem(500, "Something went wrong here, and was written down under this request's id.")


async def _http(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    detail = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = "There is nothing at this path."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = _allowed(request.app.routes, request.scope) or headers.get("Allow", "")
        headers["Allow"] = allowed
        detail = f"The path takes {allowed}."
    return problem(error.status_code, detail, headers=headers)


async def _unauthenticated(_: Request, error: Unauthenticated) -> Response:
    return problem(401, str(error), headers=challenge(error))


async def _refused(_: Request, error: Refused) -> Response:
    problems = [{"code": one.code.name, "message": one.message, "path": list(one.path)} for one in error.problems]
    return problem(400, str(error), problems=problems)


async def _unavailable(_: Request, error: Unavailable) -> Response:
    members = {"outcome": "unknown"} if isinstance(error, OutcomeUnknown) else {}
    return problem(503, str(error), headers={"Retry-After": str(error.retry_after)}, **members)


HANDLERS: Mapping[Any, Any] = {
    HTTPException: _http,
    Unauthenticated: _unauthenticated,
    Refused: _refused,
    Unavailable: _unavailable,
}


def _allowed(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """All methods of a path: Starlette tells only those of the first route that has it."""
    seen: Scope = {**scope, "root_path": scope.get("app_root_path", scope.get("root_path", ""))}
    methods = set(_methods(routes, seen))
    return ", ".join(sorted(methods))


def _methods(routes: Iterable[BaseRoute], scope: Scope) -> Iterable[str]:
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.NONE:
            continue
        yield from getattr(route, "methods", None) or ()
        yield from _methods(getattr(route, "routes", None) or (), {**scope, **child})
