"""Clients of subscriptions for tests: WebSocket and server-sent events, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

SECONDS = 60
"""Far more than anything here takes."""

PROTOCOL = Subprotocol("graphql-transport-ws")


@dataclass
class Socket:
    """A WebSocket after its handshake."""

    connection: ClientConnection

    async def send(self, **message: Any) -> None:
        """Send a message."""
        await self.connection.send(json.dumps(message))

    async def message(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(SECONDS):
            found: dict[str, Any] = json.loads(await self.connection.recv())
            return found

    async def begin(self) -> None:
        """Be acknowledged."""
        await self.send(type="connection_init")
        assert await self.message() == {"type": "connection_ack"}

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        """Begin an operation."""
        await self.send(id=name, type="subscribe", payload={"query": query, "variables": variables})

    async def data(self, name: str) -> Any:
        """The data of the next message, which belongs to the operation."""
        found = await self.message()
        assert (found["type"], found["id"]) == ("next", name), found
        assert "errors" not in found["payload"], found
        return found["payload"]["data"]

    async def closed(self) -> tuple[int, str]:
        """The code and the reason with which the server closes, whatever it sends before."""
        with suppress(ConnectionClosed):
            async with asyncio.timeout(SECONDS):
                while True:
                    await self.connection.recv()
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def websocket(address: str, *, begin: bool = True, **options: Any) -> AsyncIterator[Socket]:
    """A connection to a server that told its HTTP address."""
    url = f"{address.replace('http', 'ws', 1)}/graphql"
    async with connect(url, subprotocols=[PROTOCOL], **options) as connection:
        socket = Socket(connection)
        if begin:
            await socket.begin()
        yield socket


@dataclass
class Sent:
    """A server-sent event."""

    event: str
    data: str
    id: str | None

    @property
    def result(self) -> Any:
        """The data of a result without errors."""
        found = json.loads(self.data)
        assert "errors" not in found, found
        return found["data"]


@dataclass
class Events:
    """An event stream, comments left out."""

    lines: AsyncIterator[str]

    async def next(self) -> Sent:
        """The next event."""
        async with asyncio.timeout(SECONDS):
            found: dict[str, str] = {}
            async for line in self.lines:
                if line and not line.startswith(":"):
                    name, _, value = line.partition(":")
                    found[name] = value.removeprefix(" ")
                elif found:
                    return Sent(found["event"], found["data"], found.get("id"))
        raise EOFError


@asynccontextmanager
async def event_stream(
    address: str, query: str, variables: dict[str, Any] | None = None, **headers: str
) -> AsyncIterator[Events]:
    """The answer to an operation as an event stream."""
    body = {"query": query, "variables": variables or {}}
    accept = {"accept": "text/event-stream", **headers}
    async with (
        httpx.AsyncClient(timeout=SECONDS) as client,
        client.stream("POST", f"{address}/graphql", json=body, headers=accept) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Events(answer.aiter_lines())
