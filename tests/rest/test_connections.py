"""What only a real connection shows: bodies that are too long, that stop half-way, or whose sender hangs up."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rest.service import Service

HEAD = "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}\r\n\r\n"
PATHS = {
    "/api/v1/transactions": {"detail"},
    "/transaction": {"message", "error"},
    "/api/transaction": {"message", "error"},
}


def total(service: Service) -> int:
    count: int = httpx.get(f"{service.url}/api/v1/transactions").json()["total"]
    return count


def sent(service: Service, path: str, more: str, body: bytes) -> socket.socket:
    """A connection on which the beginning of a request was sent."""
    connection = socket.create_connection((LOOPBACK, service.port), timeout=30)
    head = HEAD.format(path=path, host=f"{LOOPBACK}:{service.port}", more=more)
    connection.sendall(head.encode("ascii") + body)
    return connection


def answer(connection: socket.socket) -> tuple[int, Any]:
    """Status and JSON of the answer."""
    with connection, connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        length = 0
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, json.loads(stream.read(length))


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """Where transactions are posted in each dialect."""
    return str(request.param)


def test_a_body_that_is_too_long_is_refused_in_the_dialect(service: Service, path: str) -> None:
    before = total(service)
    body = b'{"amount": 1, "description": "' + b"x" * 70_000 + b'"}'

    def chunks() -> Iterator[bytes]:
        yield body[:100]
        yield body[100:]

    for content in (body, chunks()):
        response = httpx.post(service.url + path, content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 413
        assert set(response.json()) == PATHS[path]
    assert total(service) == before


def test_a_length_that_is_only_told_is_refused_before_it_is_sent(service: Service, path: str) -> None:
    status, body = answer(sent(service, path, "Content-Length: 1000000000000", b"{"))
    assert status == 413
    assert set(body) == PATHS[path]


def test_half_a_body_and_silence(service: Service, path: str) -> None:
    before = total(service)
    status, body = answer(sent(service, path, "Content-Length: 100", b'{"amount": 1}'))
    assert status == 408
    assert set(body) == PATHS[path]
    assert total(service) == before


def test_half_a_body_and_a_hang_up(service: Service, path: str) -> None:
    before = total(service)
    for more, body in (
        ("Content-Length: 100", b'{"amount": 1}'),
        ("Transfer-Encoding: chunked", b'd\r\n{"amount": 1}\r\n'),
    ):
        sent(service, path, more, body).close()
    assert total(service) == before
    assert "Traceback" not in service.log.read_text()
