"""Other sites' pages are kept out; programs and our own pages are not."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from graphql_api.http.guard import Guard
from tests.http.conftest import Opened

pytestmark = pytest.mark.anyio


async def touch(_: Request) -> Response:
    return Response("touched")


TOUCH = Route("/touch", touch, methods=["GET", "POST"])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LOCALHOST", "[::1]:80", "192.168.7.9", "books.localhost", ""],
)
async def test_a_local_host_or_an_address_is_taken(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/livez", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[evil]:80", "a"])
async def test_another_host_is_not(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/livez", headers={"Host": host})
    assert answer.status_code == 421
    assert "EXPENSE_ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("books.example.org", 200),
        ("BOOKS.example.org:443", 200),
        ("a.b.internal", 200),
        ("internal", 421),
        ("example.org", 421),
    ],
)
async def test_hosts_can_be_named(opened: Opened, host: str, status: int) -> None:
    async with opened(allowed_hosts=["books.example.org", "*.internal"]) as client:
        assert (await client.get("/livez", headers={"Host": host})).status_code == status


async def test_every_host_can_be_allowed(opened: Opened) -> None:
    async with opened(allowed_hosts=["*"]) as client:
        assert (await client.get("/livez", headers={"Host": "any.example"})).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1"}, 200),
        ({"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://books.example.org"}, 200),
        ({"Origin": "https://books.example.org", "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "https://front.example", "Sec-Fetch-Site": "same-origin"}, 200),  # a proxy changed the Host
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_a_write_comes_from_our_own_pages_a_known_origin_or_a_program(
    opened: Opened, headers: dict[str, str], status: int
) -> None:
    async with opened(TOUCH, cors_origins=["https://books.example.org"]) as client:
        answer = await client.post("/touch", headers=headers)
        assert answer.status_code == status
        assert (await client.get("/touch", headers=headers)).status_code == 200
    if status == 403:
        assert "EXPENSE_CORS_ORIGINS" in answer.json()["detail"]


async def test_every_origin_can_be_allowed(opened: Opened) -> None:
    async with opened(TOUCH, cors_origins=["*"]) as client:
        answer = await client.post("/touch", headers={"Origin": "https://any.example"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("origin", "first"),
    [("http://127.0.0.1", "websocket.accept"), ("https://evil.example", "websocket.close"), (None, "websocket.accept")],
)
async def test_a_websocket_from_another_site_is_not_opened(origin: str | None, first: str) -> None:
    async def greet(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    sent: list[Message] = []
    headers = {"host": "127.0.0.1"} | ({"origin": origin} if origin else {})
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    guarded = Guard(WebSocketRoute("/ws", greet), hosts=[], origins=[])
    await guarded({"type": "websocket", "path": "/ws", "headers": raw, "subprotocols": []}, receive, send)
    assert sent[0]["type"] == first
    assert first == "websocket.accept" or sent[0]["code"] == 1008


async def test_cors_lets_a_named_origin_ask_first(opened: Opened) -> None:
    async with opened(cors_origins=["https://books.example.org"]) as client:
        answer = await client.options(
            "/graphql",
            headers={
                "Origin": "https://books.example.org",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type, x-request-id, traceparent, x-ledger-id, authorization",
            },
        )
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://books.example.org"
        assert "DELETE" in answer.headers["access-control-allow-methods"]
        other = await client.get("/livez", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
