"""Bounds of a request's body: its length, and how long the client may pause while it sends it.

Starlette has a limit of length too, but answers in plain text before an error handler sees it. Here both bounds are
`HTTPException`s that come out of reading the body. Doors that count what they read answer first, in their own shape.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware. `most` is in bytes, `pause` in seconds."""

    def __init__(self, app: ASGIApp, *, most: int, pause: float) -> None:
        """Wrap an application."""
        self._app = app
        self._most = most
        self._pause = pause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body is counted as it is read."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        told = headers.get("content-length", "")
        body = _Body(receive, self._most, self._pause, int(told) if told.isascii() and told.isdigit() else 0)
        await self._app(scope, body.receive, send)


class _Body:
    def __init__(self, receive: Receive, most: int, pause: float, told: int) -> None:
        self._receive = receive
        self._most = most
        self._pause = pause
        self._size = 0
        self._told = told
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()  # waits for the client to hang up, as long as the answer takes
        self._check(self._told)
        try:
            async with asyncio.timeout(self._pause):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, f"Nothing of the body came for {self._pause:g} seconds.") from None
        if message["type"] != "http.request":
            self._complete = True
            return message
        self._size += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        self._check(self._size)
        return message

    def _check(self, size: int) -> None:
        if size > self._most:
            raise HTTPException(413, f"The body is longer than {self._most:,} bytes (EXPENSE_MAX_BODY_BYTES).")
