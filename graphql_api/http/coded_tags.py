"""Strong entity tags of compressed answers: RFC 9110 (8.8.3.3) wants another one for each content coding.

Outside of the compression, "12" becomes "12-gzip" where the body was compressed so; what a client sends back in
If-Match and If-None-Match loses the suffix again, so that the doors know one tag for a state. A 304 carries the tag
that the client has, because that is the answer it may go on using. Weak tags are the same for all codings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CONDITIONS = (b"if-match", b"if-none-match")
_CODED = re.compile(rb'(?<!W/)"([\x21\x23-\x7e\x80-\xff]*)-(gzip|br|zstd)"')
_NOT_MODIFIED = 304


class CodedTags:
    """ASGI middleware, outside of the compression."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        coded: dict[bytes, bytes] = {}
        headers = [
            (name, _plain(value, coded) if name in _CONDITIONS else value) for name, value in scope.get("headers", ())
        ]

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _tagged(message, coded)
            await send(message)

        await self._app({**scope, "headers": headers} if coded else scope, receive, send_tagged)


def _plain(condition: bytes, coded: dict[bytes, bytes]) -> bytes:
    """The condition without suffixes; `coded` learns which tag each one was."""

    def plain(match: re.Match[bytes]) -> bytes:
        tag = b'"' + match[1] + b'"'
        coded.setdefault(tag, match[0])
        return tag

    return _CODED.sub(plain, condition)


def _tagged(message: Message, coded: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    headers = list(message.get("headers", ()))
    coding = next((value for name, value in headers if name.lower() == b"content-encoding"), None)

    def of(tag: bytes) -> bytes:
        if tag.startswith(b"W/"):
            return tag
        if message["status"] == _NOT_MODIFIED:
            return coded.get(tag, tag)
        return tag if coding is None else tag[:-1] + b"-" + coding + b'"'

    return [(name, of(value) if name.lower() == b"etag" else value) for name, value in headers]
