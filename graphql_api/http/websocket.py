"""GraphQL over WebSocket: the protocol graphql-transport-ws, for operations of every kind.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Pings that keep the connection are uvicorn's.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from graphql import OperationType
from starlette.websockets import WebSocketDisconnect

from graphql_api.http.answer import body_of, refusal_entry
from graphql_api.http.authentication import authenticate
from graphql_api.http.body import BodyError, parse_json
from graphql_api.http.costs import socket_operations_limit
from graphql_api.http.graphql_errors import GraphQLRequestError, error_entries, masked
from graphql_api.http.operations import Invalid, Operations
from graphql_api.http.principal import caller_of
from graphql_api.http.running import to_json
from graphql_api.http.subscribing import Failed, events, refused_by
from graphql_api.ledgers.errors import Unauthenticated, Unavailable
from graphql_api.telemetry.streams import left, sent

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from graphql_api.execution.limits import Limit
    from graphql_api.http.running import Operation
    from graphql_api.identity.callers import Caller
    from graphql_api.settings import Settings

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 3.0
"""Seconds in which a client must begin, as the reference server has it."""

GOING_AWAY = 1001
TRY_AGAIN = 1013
BAD_MESSAGE = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
NO_PROTOCOL = 4406
TOO_LATE = 4408
ID_IN_USE = 4409
INIT_AGAIN = 4429

_LONGEST_ID = 128
_TRANSPORT = "websocket"


class Closing(Exception):
    """The connection is to be closed; reasons have up to 123 bytes."""

    def __init__(self, code: int, reason: str) -> None:
        """Say why."""
        self.code = code
        self.reason = reason
        super().__init__(reason)


class WebSocketDoor:
    """The endpoint, made once for an application."""

    def __init__(self, operations: Operations, settings: Settings) -> None:
        """Take what runs operations, and the limits."""
        self._operations = operations
        self._limit = socket_operations_limit(settings)
        self._stall = settings.stream_stall_timeout

    async def serve(self, websocket: WebSocket) -> None:
        """Serve a connection until one side ends it."""
        if PROTOCOL not in websocket.scope.get("subprotocols", ()):
            await websocket.accept()
            await websocket.close(NO_PROTOCOL, "Subprotocol not acceptable")
            return
        await websocket.accept(PROTOCOL)
        session = Session(websocket, self._operations, self._limit, self._stall)
        try:
            await session.run()
        except Closing as closing:
            try:
                await websocket.close(closing.code, closing.reason)
            except RuntimeError:  # the client was faster
                return
        except WebSocketDisconnect:
            return


class Session:
    """One connection."""

    def __init__(self, websocket: WebSocket, operations: Operations, limit: Limit, stall: float) -> None:
        """Begin unacknowledged."""
        self._websocket = websocket
        self._operations = operations
        self._stall = stall
        self._limit = limit
        self._lock = asyncio.Lock()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._begun = asyncio.Event()
        self._stalled = asyncio.Event()
        self._caller: asyncio.Future[Caller] = asyncio.get_running_loop().create_future()
        self._is_acknowledged = False

    async def run(self) -> None:
        """Read messages until the end. Raises `Closing` and `WebSocketDisconnect`."""
        tasks = [
            asyncio.create_task(one)
            for one in (self._read(), self._late(), self._ending(), self._leaving(), self._slow())
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            others = [*tasks, *self._running.values()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        for task in done:
            task.result()

    async def _late(self) -> None:
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._begun.wait()
        except TimeoutError:
            raise Closing(TOO_LATE, "Connection initialisation timeout") from None
        await asyncio.Event().wait()

    async def _ending(self) -> None:
        await self._websocket.state.closing.wait()
        raise Closing(GOING_AWAY, "The service is shutting down")

    async def _leaving(self) -> None:
        await self._websocket.state.callers.gone(await asyncio.shield(self._caller))
        raise Closing(FORBIDDEN, "The token is good no longer")

    async def _slow(self) -> None:
        await self._stalled.wait()
        left(_TRANSPORT)
        raise Closing(TRY_AGAIN, "Nothing was read for too long (EXPENSE_STREAM_STALL_TIMEOUT)")

    async def _read(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            await self._take(_parsed(message.get("text")))

    async def _take(self, message: dict[str, Any]) -> None:
        payload = message.get("payload")
        match message.get("type"):
            case "connection_init" if payload is None or isinstance(payload, dict):
                if self._begun.is_set():
                    raise Closing(INIT_AGAIN, "Too many initialisation requests")
                self._begun.set()
                self._caller.set_result(await self._admitted(payload or {}))
                await self._send({"type": "connection_ack"})
                self._is_acknowledged = True
            case "ping" if payload is None or isinstance(payload, dict):
                await self._send({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})
            case "pong" if payload is None or isinstance(payload, dict):
                pass
            case "subscribe":
                self._subscribe(_id(message), payload)
            case "complete":
                task = self._running.pop(_id(message), None)
                if task is not None:
                    task.cancel()
            case _:
                raise Closing(BAD_MESSAGE, "This is no message of graphql-transport-ws")

    async def _admitted(self, payload: dict[str, Any]) -> Caller:
        """Who opened the connection, by the handshake's header or by `authorization` in the first message."""
        authorization = payload.get("authorization")
        if authorization is not None:
            if not isinstance(authorization, str):
                raise Closing(BAD_MESSAGE, "authorization must be a text: Bearer, a space and a token")
            await authenticate(self._websocket, authorization)
        try:
            return caller_of(self._websocket)
        except Unauthenticated as error:
            raise Closing(FORBIDDEN, _reason(str(error))) from None
        except Unavailable as error:
            raise Closing(TRY_AGAIN, _reason(str(error))) from None

    def _subscribe(self, name: str, payload: Any) -> None:
        if not self._is_acknowledged:
            raise Closing(UNAUTHORIZED, "Unauthorized")
        if not isinstance(payload, dict):
            raise Closing(BAD_MESSAGE, "The payload of subscribe must be an object")
        if name in self._running:
            raise Closing(ID_IN_USE, _reason(f"Subscriber for {name} already exists"))
        task = asyncio.create_task(self._serve(name, payload, len(self._running)))
        self._running[name] = task
        task.add_done_callback(lambda _: self._forget(name, task))

    def _forget(self, name: str, task: asyncio.Task[None]) -> None:
        if self._running.get(name) is task:
            del self._running[name]

    async def _serve(self, name: str, payload: dict[str, Any], running: int) -> None:
        try:
            self._check(running)
            operation = await self._operations.prepare(self._websocket, payload)
            if operation.kind is OperationType.SUBSCRIPTION:
                await self._stream(name, operation)
            else:
                await self._answer(name, operation)
            told: dict[str, Any] = {"id": name, "type": "complete"}
        except Invalid as invalid:
            told = {"id": name, "type": "error", "payload": error_entries(invalid.errors, invalid.code)}
        except Failed as failure:
            told = {"id": name, "type": "error", "payload": failure.errors}
        except GraphQLRequestError as error:
            told = {"id": name, "type": "error", "payload": [refusal_entry(error)]}
        except (TimeoutError, WebSocketDisconnect):
            return
        except Exception as error:  # noqa: BLE001  told with the id that the log has
            told = {"id": name, "type": "error", "payload": [masked(error)]}
        # the id is free again when the client learns of the end
        if self._running.pop(name, None) is not None:
            try:
                await self._send(told)
            except (TimeoutError, WebSocketDisconnect):
                return

    def _check(self, running: int) -> None:
        """Refuse one operation more than a connection may have."""
        if running >= self._limit.most:
            raise refused_by(self._limit.exceeded("The connection has all its operations running", running + 1), 429)

    async def _stream(self, name: str, operation: Operation) -> None:
        with self._websocket.state.subscriptions.one(_TRANSPORT):
            found = events(self._websocket, operation, None)
            async with aclosing(found):
                async for event in found:
                    await self._send_next(name, event.body)
                    sent(_TRANSPORT)

    async def _answer(self, name: str, operation: Operation) -> None:
        made, _ = await self._operations.make(self._websocket, operation)
        if made.trouble is not None and not made.trouble.began:
            raise Failed(made.trouble.errors)
        await self._send_next(name, body_of(made, operation.priced))

    async def _send_next(self, name: str, body: bytes) -> None:
        # the body is JSON already
        await self._send_text(f'{{"id":{to_json(name).decode()},"type":"next","payload":{body.decode()}}}')

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_text(to_json(message).decode())

    async def _send_text(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._stall), self._lock:
                await self._websocket.send_text(text)
        except TimeoutError:
            self._stalled.set()
            raise


def _reason(text: str) -> str:
    """As much of a text as fits into a close frame."""
    return text.encode()[:123].decode("utf-8", "ignore")


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        found = None if text is None else parse_json(text.encode("utf-8", "surrogatepass"))
    except BodyError:
        found = None
    if not isinstance(found, dict):
        raise Closing(BAD_MESSAGE, "A message must be one JSON object, sent as text")
    return found


def _id(message: dict[str, Any]) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID:
        raise Closing(BAD_MESSAGE, f"id must be a text of 1 to {_LONGEST_ID} characters")
    return name
