"""Response headers that tell browsers what a page may do, and caches that answers are private."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "worker-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""For our pages: nothing but what this server serves; the editor of the playground writes styles."""

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For everything else: it is data, even where a browser takes it for a page."""

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_PAGE = [
    *_ALWAYS,
    (b"content-security-policy", PAGE_POLICY.encode("ascii")),
]
_DATA = [*_ALWAYS, (b"content-security-policy", DATA_POLICY.encode("ascii"))]
_NO_STORE = (b"cache-control", b"no-store")


class SecurityHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                names = dict(headers)
                # workers of the playground are scripts, and a worker's own policy is that of its script
                is_page = names.get(b"content-type", b"").startswith((b"text/html", b"text/javascript"))
                headers += _PAGE if is_page else _DATA
                if b"cache-control" not in names:
                    headers.append(_NO_STORE)
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
