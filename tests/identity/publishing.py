"""A server that publishes what an issuer might, right or wrong."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType


class Publisher:
    """Answers each path with its status, headers and body; `issuer` is its address."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = publisher.answers.get(self.path, (404, {"Content-Length": "0"}, b""))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def publish(self, keys: Any, **discovery: Any) -> None:
        """Answer like an issuer with these keys; more members of its discovery document replace the right ones."""
        document = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **discovery}
        self.answer("/.well-known/openid-configuration", json.dumps(document).encode())
        self.answer("/keys", json.dumps({"keys": keys}).encode())

    def answer(self, path: str, body: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Answer a path so; `length` is told instead of the body's own."""
        told = {"Content-Length": str(len(body) if length is None else length)}
        self.answers[path] = status, {**told, **headers}, body

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
