"""Finds out who calls, once a request, before any door sees it.

What was found goes into the request's state, a failure too: doors that show something of a ledger ask `principal_of`,
which raises it, so that each can say it in its own shape; what is open to everybody, such as health, never asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from graphql_api.ledgers.errors import Unauthenticated, Unavailable

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.types import ASGIApp, Receive, Scope, Send

    from graphql_api.http.state import State


class Authentication:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope).getlist("authorization")
            await _authenticate(scope["state"], headers)
        await self._app(scope, receive, send)


async def authenticate(connection: HTTPConnection, authorization: str) -> None:
    """Take a credential that came after the headers, on a WebSocket, in place of theirs."""
    await _authenticate(connection.scope["state"], [authorization])


async def _authenticate(state: State, headers: list[str]) -> None:
    try:
        state["caller"] = await state["callers"].caller(headers)
    except (Unauthenticated, Unavailable) as error:
        state["caller"] = error
