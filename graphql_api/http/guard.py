"""Keeps other sites' pages in a user's browser from reading and writing the ledger.

Two attacks reach even a server that listens on 127.0.0.1 only:

- DNS rebinding: a page makes its own name resolve to 127.0.0.1. Its requests then name that host, so a host name must
  be known. An IP address is always taken: a browser that was led astray by a name sends the name.
- Forgery: a page sends a form, or opens a WebSocket, to the server's address. A browser tells with the request which
  site it comes from, so a write or a WebSocket must come from the server's own pages or from an origin in
  EXPENSE_CORS_ORIGINS. Programs send none of these headers and are not concerned.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.websockets import WebSocketClose

from graphql_api.http.errors import problem
from graphql_api.http.origins import Origins

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_POLICY_VIOLATION = 1008
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]*)?", re.ASCII)


class Guard:
    """ASGI middleware. In `hosts`, * stands for every name and *.example.org for all below it; in `origins`, * too."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str]) -> None:
        """Wrap an application."""
        self._app = app
        self._any_host = "*" in hosts
        self._hosts = frozenset(host.lower() for host in hosts if not host.startswith("*."))
        self._domains = tuple(host[1:].lower() for host in hosts if host.startswith("*."))
        self._origins = Origins(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request that may be."""
        if scope["type"] in ("http", "websocket"):
            headers = Headers(scope=scope)
            if not self._is_host_known(headers.get("host", "")):
                await self._refuse(scope, receive, send, 421, _UNKNOWN_HOST)
                return
            if scope.get("method") not in _SAFE and not self._origins.may_call(headers):
                await self._refuse(scope, receive, send, 403, _UNKNOWN_ORIGIN)
                return
        await self._app(scope, receive, send)

    def _is_host_known(self, header: str) -> bool:
        if self._any_host or not header:
            return True
        host = _host(header)
        return host in self._hosts or host.endswith(self._domains) or _is_local(host)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, status: int, detail: str) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose(_POLICY_VIOLATION, detail)(scope, receive, send)
        else:
            await problem(status, detail)(scope, receive, send)


_UNKNOWN_HOST = "The request names a host that this service does not answer for: see EXPENSE_ALLOWED_HOSTS."
_UNKNOWN_ORIGIN = "The request comes from a page of another site: see EXPENSE_CORS_ORIGINS."


def _host(header: str) -> str:
    """The host of a Host header, lower case, without port and brackets; empty if the header is of another form."""
    found = _HOST.fullmatch(header)
    return (found[1] or found[2]).rstrip(".").lower() if found else ""


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
