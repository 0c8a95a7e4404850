"""The outermost layer: gives each request its id and trace, counts it, logs it, and answers what nobody caught."""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from graphql_api.http.errors import problem, unexpected
from graphql_api.telemetry.context import RequestContext, continue_trace, enter, request_id
from graphql_api.telemetry.requests import IN_FLIGHT, answered

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from graphql_api.telemetry.tracing import ServerSpan, Tracing

log = logging.getLogger("graphql_api.http")

UNMATCHED = "unmatched"
"""Stands for the route of a path that none matches."""

CLIENT_GONE = 499
"""Logged and counted for a client that hung up before it was answered; nobody receives it."""

EVENT_STREAM = "text/event-stream"
"""Server-sent events: open for as long as the client listens."""

_QUIET = frozenset(("/livez", "/readyz", "/metrics"))
_LONGEST_PATH = 200


class Observe:
    """ASGI middleware. `access_log` says whether each request is logged; errors always are."""

    def __init__(self, app: ASGIApp, *, access_log: bool, tracing: Tracing | None = None) -> None:
        """Wrap an application."""
        self._app = app
        self._access_log = access_log
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if self._tracing is None or scope["path"] in _QUIET:
            await self._serve(scope, receive, send, None)
            return
        with self._tracing.serving(scope["type"], Headers(scope=scope)) as span:
            await self._serve(scope, receive, send, span)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, span: ServerSpan | None) -> None:
        headers = Headers(scope=scope)
        if span is None:
            trace = continue_trace(headers.get("traceparent"), ",".join(headers.getlist("tracestate")))
            context = RequestContext(request_id(headers.get("x-request-id")), trace)
        else:
            context = RequestContext(request_id(headers.get("x-request-id")), span.trace, span.tracing)
        enter(context)
        if scope["type"] == "http":
            await _Exchange(context, scope, receive, send, span).run(self._app, access_log=self._access_log)
        else:
            await self._app(scope, receive, send)


class _Exchange:
    """One request and its answer. `status` is 0 until the answer begins."""

    def __init__(
        self, context: RequestContext, scope: Scope, receive: Receive, send: Send, span: ServerSpan | None
    ) -> None:
        self._context = context
        self._scope = scope
        self._receive = receive
        self._send = send
        self._span = span
        self._header = (b"x-request-id", context.request_id.encode("ascii"))
        self.status = 0
        self._is_stream = False

    async def run(self, app: ASGIApp, *, access_log: bool) -> None:
        started = perf_counter()
        IN_FLIGHT.inc()
        try:
            await app(self._scope, self._receive, self._send_with_id)
        except ClientDisconnect:
            self.status = self.status or CLIENT_GONE
        except asyncio.CancelledError:
            # only the server cancels a request, when the time it gives at shutdown is over
            log.warning("A request was cut off: the time for shutting down was over.")
            busy = "The service is shutting down; look whether the request was done before you repeat it."
            await self._answer(problem(503, busy, headers={"Retry-After": "1"}, outcome="unknown"))
        except Exception:
            log.exception("A request failed for a reason that nobody foresaw.", extra=self._describe())
            await self._answer(unexpected())
        finally:
            IN_FLIGHT.dec()
            seconds = perf_counter() - started
            route = _template(self._scope)
            status = self.status or CLIENT_GONE
            # how long a client listens to a stream says nothing about how fast it is served
            answered(self._scope["method"], route, status, None if self._is_stream else seconds)
            if self._span is not None:
                self._span.answered(self._scope["method"], route, self.status)
            if access_log:
                self._log(route, status, seconds)

    async def _send_with_id(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._is_stream = Headers(raw=message.get("headers", [])).get("content-type", "").startswith(EVENT_STREAM)
            message["headers"] = [*message.get("headers", ()), self._header]
        await self._send(message)

    async def _answer(self, response: Response) -> None:
        if self.status == 0:
            await response(self._scope, self._receive, self._send_with_id)

    def _describe(self) -> dict[str, object]:
        return {"method": self._scope["method"], "route": _template(self._scope), **self._context.fields}

    def _log(self, route: str, status: int, seconds: float) -> None:
        level = logging.DEBUG if route in _QUIET else logging.INFO
        if not log.isEnabledFor(level):
            return
        method, milliseconds = self._scope["method"], round(seconds * 1000, 2)
        # the raw path is percent-encoded: nothing in it can break a line; the query may hold what is private
        path = self._scope.get("raw_path", b"").decode("ascii", "replace")[:_LONGEST_PATH]
        fields = {"method": method, "route": route, "status": status, "duration_ms": milliseconds}
        log.log(
            level, "%s %s %d in %s ms", method, path, status, milliseconds, extra={**self._context.fields, **fields}
        )


def _template(scope: Scope) -> str:
    """The path of the route that the router found, with parameters by name."""
    route = scope.get("route")
    if route is None:
        return UNMATCHED
    if hasattr(route, "methods"):
        inner, outer = scope.get("root_path", ""), scope.get("app_root_path", scope.get("root_path", ""))
        return f"{inner[len(outer) :]}{route.path_format}"
    return str(route.path_format)
