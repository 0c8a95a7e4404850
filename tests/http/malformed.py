"""Generated requests that are wrong in some way: as bytes, because no client's library would send them."""

from __future__ import annotations

import base64
import json
import struct
from random import Random

_PATHS = ("/graphql", "/transaction", "/api/v1/transactions", "/openapi.json", "/metrics", "/nowhere")
_TYPES = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-7",
    "text/plain",
    "application/graphql",
    "/",
    "",
)
_BODIES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"{",
    b'{"query":',
    b'{"query": "{ ledger { name } }"',
    b'{"query": 5}',
    b'{"query": "{ ledger { name } }", "variables": []}',
    b'{"query": "\xff\xfe"}',
    b'{"query": "\\ud800"}',
    b'{"query": "{ ledger { name } }", "query": "{ x }"}',
    b'{"query": "query($a: Int) { __typename }", "variables": {"a": 1e400}}',
    b'{"query": "query($a: Int) { __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    b"[" * 20_000,
    b'{"a":' * 5_000,
    b"amount=%GG&desc=%",
    b"amount=1&amount=2&desc=" + b"x" * 10_000,
    b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    b"\x1f\x8b\x08\x00broken",
    b"\x00" * 100,
)
_LINES = (
    b"GET\r\n\r\n",
    b"GET /graphql\r\n\r\n",
    b"GET /graphql HTTP/9.9\r\n\r\n",
    b"G\x00T /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /%zz%00%2e%2e/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /graphql?query=%ff%fe&variables={ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
    b"POST /graphql HTTP/1.1\r\n",
    b"",
)
_HEADERS = (
    b"Host:",
    b"Host: a b",
    b"Host: 127.0.0.1\r\nHost: other.example",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: nonsense",
    b"No colon here",
    b": no name",
    b"X-Fold: a\r\n b",
    b"X-Nul: \x00",
    b"X-Long: " + b"x" * 70_000,
    b"Content-Encoding: gzip",
    b"Content-Encoding: br, gzip, zstd",
    b"Accept: */*;q=2, ;;,=",
    b"Accept: " + b"application/json," * 2000,
    b"Authorization: Bearer",
    b"Authorization: Bearer \xff",
    b"Authorization: Basic " + b"=" * 100,
    b"Idempotency-Key: " + b"k" * 5000,
    b'If-None-Match: W/"',
    b"Range: bytes=5-1",
    b"Expect: 100-continue",
    b"Upgrade: websocket",
    b"traceparent: 00-zz",
    b"X-Request-Id: \x7f\x01",
    b"X-Ledger-Id: 99999999999999999999999",
    b"Origin: null",
)
_CHUNKS = (
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\nhello\r\n0\r\n\r\n",
    b"-1\r\n\r\n",
    b"ffffffffffffffff\r\nx",
    b"5;ext=" + b"e" * 20_000 + b"\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhel",
    b"5\nhello\n0\n\n",
    b"2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
)
_FRAMES = (
    b"\x81\x05hello",  # not masked, as a client's must be
    b"\x83\x80\x00\x00\x00\x00",  # an opcode that is not
    b"\xf1\x80\x00\x00\x00\x00",  # bits that nobody agreed on
    b"\x89\xfe\x00\x80\x00\x00\x00\x00" + b"p" * 128,  # a ping that is too long
    b"\x81\x82\x00\x00\x00\x00\xff\xfe",  # a text that is no text
    b"\x80\x80\x00\x00\x00\x00",  # goes on with nothing
    b"\x01\x81\x00\x00\x00\x00a\x81\x81\x00\x00\x00\x00b",  # begins anew in between
    b"\x88\x81\x00\x00\x00\x00\x01",  # a reason of one byte
    b"\x88\x82\x00\x00\x00\x00\x03\xe7",  # a code that is not to be sent
    b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # more than there is
    b"\x82\x81\x00\x00\x00\x00\x00",  # bytes where texts are spoken
)
_MESSAGES = ("{}", "[]", '{"type": 5}', '{"type": "subscribe"}', '{"type": "connection_init", "payload": 5}', "x", "")


class Malformed:
    """Makes requests, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311  no secret

    def request(self) -> bytes:
        """What is sent on one connection."""
        return self._random.choice(
            (self._line, self._with_header, self._chunked, self._body, self._socket, self._mutated)
        )()

    def _line(self) -> bytes:
        return self._random.choice(_LINES)

    def _head(self, *headers: bytes, method: str = "POST") -> bytes:
        path = self._random.choice(_PATHS)
        lines = [f"{method} {path} HTTP/1.1".encode(), b"Host: 127.0.0.1", *headers]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _with_header(self) -> bytes:
        method = self._random.choice(("GET", "POST", "DELETE", "OPTIONS", "HEAD", "BREW", "get"))
        body = self._random.choice(_BODIES) if method == "POST" else b""
        given = self._random.sample(_HEADERS, self._random.randint(1, 3))
        return self._head(*given, b"Content-Type: application/json", method=method) + body

    def _chunked(self) -> bytes:
        head = self._head(b"Transfer-Encoding: chunked", b"Content-Type: application/json")
        return head + self._random.choice(_CHUNKS)

    def _body(self) -> bytes:
        body = self._random.choice(_BODIES)
        kind = self._random.choice(_TYPES).encode()
        length = max(0, len(body) + self._random.choice((0, 0, 0, -1, 1, 100)))
        return self._head(b"Content-Type: " + kind, b"Content-Length: %d" % length) + body

    def _socket(self) -> bytes:
        key = self._random.choice((base64.b64encode(self._random.randbytes(16)), b"short", b""))
        version = self._random.choice((b"13", b"13", b"13", b"8", b"x"))
        protocol = self._random.choice((b"graphql-transport-ws", b"graphql-ws", b"", b"\xff"))
        head = (
            b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: " + key + b"\r\nSec-WebSocket-Version: " + version + b"\r\n"
            b"Sec-WebSocket-Protocol: " + protocol + b"\r\n\r\n"
        )
        return head + b"".join(self._frame() for _ in range(self._random.randint(0, 3)))

    def _frame(self) -> bytes:
        if self._random.random() < 0.5:
            return self._random.choice(_FRAMES)
        text = self._random.choice(_MESSAGES).encode()
        return b"\x81" + bytes((0x80 | len(text),)) + struct.pack(">I", 0) + text

    def _mutated(self) -> bytes:
        """A request that was right, with some bytes changed, left out or put in."""
        body = json.dumps({"query": "query Q($a: Int) { ledger { name } }", "variables": {"a": 1}}).encode()
        sent = bytearray(
            self._head(
                b"Content-Type: application/json", b"Accept: application/json", b"Content-Length: %d" % len(body)
            )
            + body
        )
        for _ in range(self._random.randint(1, 6)):
            place = self._random.randrange(len(sent))
            match self._random.randrange(3):
                case 0:
                    sent[place] = self._random.randrange(256)
                case 1:
                    del sent[place : place + self._random.randint(1, 8)]
                case _:
                    sent[place:place] = self._random.randbytes(self._random.randint(1, 8))
            if not sent:
                break
        return bytes(sent)
