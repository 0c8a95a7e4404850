"""A TCP proxy that breaks connections where a test wants it to."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Self


class Proxy:
    """Passes bytes between clients and a server on 127.0.0.1.

    Attributes:
        cut_before: a part of a packet to the server; the connection breaks instead of passing it on.
        cut_after: the same, but the server gets it, and the client never hears the answer.
        delay: seconds by which everything is held up, in each direction.
    """

    def __init__(self, target: int) -> None:
        self.cut_before: bytes | None = None
        self.cut_after: bytes | None = None
        self.delay = 0.0
        self.cuts = 0
        self.cut = asyncio.Event()
        self.port = 0
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Break all connections and take no more."""
        if self._server is not None:
            self._server.close()
        self.break_all()

    def break_all(self) -> None:
        """Break all connections."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_connection("127.0.0.1", self._target)
        with self._kept(to_client), self._kept(to_server):
            answers = asyncio.create_task(self._pump(server, to_client))
            try:
                while data := await client.read(65536):
                    if self.cut_before is not None and self.cut_before in data:
                        self.cuts += 1
                        self.cut.set()
                        return
                    if self.cut_after is not None and self.cut_after in data:
                        self.cuts += 1
                        self.cut.set()
                        answers.cancel()
                        await asyncio.wait([answers])
                        to_server.write(data)
                        await server.read(1)  # the server has done it
                        return
                    await self._hold_up()
                    to_server.write(data)
            except OSError:
                return
            finally:
                answers.cancel()

    @contextlib.contextmanager
    def _kept(self, writer: asyncio.StreamWriter) -> Iterator[None]:
        self._writers.add(writer)
        try:
            yield
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._hold_up()
                target.write(data)

    async def _hold_up(self) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
