"""Finds out who calls, once a request, before any door sees it.

What was found goes into the request's state, a failure too: doors that show something of a ledger ask `principal_of`,
which raises it, so that each can say it in its own shape; what is open to everybody, such as health, never asks.
The request's database is the principal's view of it, so a door that forgets to ask has nothing to show.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from graphql_api.ledgers.errors import Unauthenticated, Unavailable
from graphql_api.ledgers.principal import LOCAL, NOBODY
from graphql_api.telemetry.context import annotate, current

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.types import ASGIApp, Receive, Scope, Send

    from graphql_api.http.state import State
    from graphql_api.ledgers.principal import Principal

_PSEUDONYM_BYTES = 8
_DOORS = {"/graphql": "graphql", "/api/v1": "v1"}


class Authentication:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope).getlist("authorization")
            await _authenticate(scope, headers)
        await self._app(scope, receive, send)


async def authenticate(connection: HTTPConnection, authorization: str) -> None:
    """Take a credential that came after the headers, on a WebSocket, in place of theirs."""
    await _authenticate(connection.scope, [authorization])


async def _authenticate(scope: Scope, headers: list[str]) -> None:
    state: State = scope["state"]
    principal = NOBODY
    source = _source(scope)
    try:
        caller = state["caller"] = await state["callers"].caller(headers)
        principal = caller.principal
        if principal is not LOCAL:
            annotate(principal=_pseudonym(principal))
        if caller.prefix is not None:
            source["token"] = caller.prefix
    except (Unauthenticated, Unavailable) as error:
        state["caller"] = error
    state["database"] = state["database"].acting_as(principal, source)


def _pseudonym(principal: Principal) -> str:
    """What logs call a principal: the same for the same one, and no name."""
    return hashlib.blake2b(principal.subject.encode(), digest_size=_PSEUDONYM_BYTES).hexdigest()


def _source(scope: Scope) -> dict[str, str]:
    """What the changes of a request tell of where they came from."""
    path: str = scope["path"]
    told = {"door": next((door for start, door in _DOORS.items() if path.startswith(start)), "workshop")}
    context = current()
    if context is not None:
        told["request_id"] = context.request_id
    if scope.get("client"):
        told["address"] = scope["client"][0]
    return told
