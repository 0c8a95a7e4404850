"""A load client: some connections that are kept alive, each with one request in flight at a time.

    python -m bench.client PORT SECONDS CONNECTIONS FILE

FILE holds the requests, JSON with a path, bodies that are sent in turn, and texts that tell of a refusal; what came of
them is printed as JSON. It is a process of its own, so that it can be given a core of its own.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import cast

import httptools
import httpx
import uvloop

from tests.servers.ports import LOOPBACK


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a load.

    Attributes:
        answers: responses with a status of success.
        failures: all others.
        seconds: from the first request to the last answer.
        half_ms: what half of the requests took at most.
        most_ms: what 99 of 100 took at most.
        last: the body of the last response.
    """

    answers: int
    failures: int
    seconds: float
    half_ms: float
    most_ms: float
    last: str

    @property
    def rate(self) -> float:
        """Successful answers a second."""
        return self.answers / self.seconds


@dataclass(frozen=True, slots=True)
class Requests:
    """What is sent, and the texts that tell of a refusal in a body whose status is a success."""

    sent: Sequence[bytes]
    refusals: Sequence[bytes]

    def number(self, number: int) -> bytes:
        """Return one of the requests, the first again after the last."""
        return self.sent[number % len(self.sent)]


class Connection(asyncio.Protocol):
    """One connection: sends a request, waits for the answer, sends the next until the time is up."""

    def __init__(self, requests: Requests, numbers: "count[int]", deadline: float) -> None:
        self._requests = requests
        self._numbers = numbers
        self._deadline = deadline
        self._parser = httptools.HttpResponseParser(self)
        self._sent = 0.0
        self._body: list[bytes] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.times: list[float] = []
        self.failures = 0
        self.last = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a part of a response."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop: the server closed the connection, or this side did."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Count the response and send the next request."""
        self.times.append(time.perf_counter() - self._sent)
        self.last = b"".join(self._body)
        success = httpx.codes.is_success(self._parser.get_status_code())
        if not success or any(refusal in self.last for refusal in self._requests.refusals):
            self.failures += 1
        if time.perf_counter() < self._deadline:
            self._parser = httptools.HttpResponseParser(self)
            self._send()
        else:
            self.done.set_result(None)
            self._transport.close()

    def _send(self) -> None:
        self._body.clear()
        self._sent = time.perf_counter()
        self._transport.write(self._requests.number(next(self._numbers)))


def request(path: str, body: str) -> bytes:
    """Return the bytes of a POST."""
    content = body.encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def load(port: int, seconds: float, connections: int, requests: Requests) -> Load:
    """Send requests for some seconds."""
    loop, numbers, start = asyncio.get_running_loop(), count(), time.perf_counter()
    made = [
        (await loop.create_connection(lambda: Connection(requests, numbers, start + seconds), LOOPBACK, port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.done for connection in made))
    elapsed = time.perf_counter() - start
    times = [1000 * each for connection in made for each in connection.times]
    failures = sum(connection.failures for connection in made)
    cuts = quantiles(times, n=100)
    return Load(len(times) - failures, failures, elapsed, cuts[49], cuts[98], made[0].last.decode())


def main(port: str, seconds: str, connections: str, file: str) -> None:
    """Run as a command."""
    given = json.loads(Path(file).read_text())
    requests = Requests(
        [request(given["path"], body) for body in given["bodies"]], [text.encode() for text in given["refusals"]]
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(load(int(port), float(seconds), int(connections), requests)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
