"""Answers as server-sent events: graphql-sse's mode of distinct connections, one operation a request.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. Each event of a feed has its place as `id`, so a
client that lost the connection goes on from there: browsers send it as Last-Event-ID by themselves. At shutdown the
answer ends without `complete`, which tells a client to come again, to another replica.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from graphql_api.http.answer import refusal_entry
from graphql_api.http.graphql_errors import GraphQLRequestError, masked
from graphql_api.http.observe import EVENT_STREAM
from graphql_api.http.principal import caller_of
from graphql_api.http.running import Operation, to_json
from graphql_api.http.subscribing import Event, Failed, events
from graphql_api.telemetry.streams import left, sent

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

HEARTBEAT = 12.0
"""Seconds of silence after which a comment is sent, so that whatever is in between keeps the connection."""

_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"
_TRANSPORT = "sse"


def stream(request: Request, content: Operation | bytes, stall: float) -> Response:
    """A subscription's events, or the one answer to another operation; `stall` seconds are given to each send."""
    return EventStream(request, content, stall)


class EventStream(Response):
    """An answer that is written as it comes."""

    media_type = EVENT_STREAM

    def __init__(self, request: Request, content: Operation | bytes, stall: float) -> None:
        """Write nothing yet."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._request = request
        self._content = content
        self._stall = stall
        self._lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's
        """Answer, until the operation, the client or the process ends."""
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        if isinstance(self._content, bytes):
            await self._send(send, _next(Event(self._content, None)) + _COMPLETE, more=False)
            return
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(self._write(self._content, send))
            others = [group.create_task(_gone(receive)), group.create_task(self._request.state.closing.wait())]
            others.append(group.create_task(self._request.state.callers.gone(caller_of(self._request))))
            await asyncio.wait([writing, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in (writing, *others):
                task.cancel()
        with suppress(TimeoutError):
            await self._send(send, b"", more=False)

    async def _write(self, operation: Operation, send: Send) -> None:
        beating = asyncio.create_task(self._beat(send))
        try:
            with self._request.state.subscriptions.one(_TRANSPORT):
                found = events(self._request, operation, self._request.headers.get("last-event-id"))
                async with aclosing(found):
                    async for event in found:
                        await self._send(send, _next(event))
                        sent(_TRANSPORT)
        except Failed as failure:
            await self._send(send, _errors(failure.errors))
        except GraphQLRequestError as error:
            await self._send(send, _errors([refusal_entry(error)]))
        except TimeoutError:
            left(_TRANSPORT)
            return
        except Exception as error:  # noqa: BLE001  told with the id that the log has
            await self._send(send, _errors([masked(error)]))
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await self._send(send, _COMPLETE)

    async def _beat(self, send: Send) -> None:
        with suppress(TimeoutError):
            while True:
                await self._send(send, _COMMENT)
                await asyncio.sleep(HEARTBEAT)

    async def _send(self, send: Send, part: bytes, *, more: bool = True) -> None:
        async with asyncio.timeout(self._stall), self._lock:
            await send({"type": "http.response.body", "body": part, "more_body": more})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _next(event: Event) -> bytes:
    place = b"" if event.place is None else b"id: " + event.place.encode() + b"\n"
    return b"event: next\n" + place + b"data: " + event.body + b"\n\n"


def _errors(errors: list[dict[str, Any]]) -> bytes:
    return _next(Event(to_json({"errors": errors}), None))
