"""`expense serve` as a process of its own, always on the same port."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from graphql_api.settings import PREFIX
from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerError, ServerProcess
from tests.servers.ready import until_ready


class Service:
    """Not started yet.

    Args:
        url: SQLAlchemy's URL of the database.
        log: the file for what it writes; every start adds to it.
        prefix: what stands before its command.
        environment: further variables.
        settings: further settings by name, without their prefix.
    """

    def __init__(
        self,
        url: str,
        log: Path,
        *,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        settings: Mapping[str, str],
    ) -> None:
        self.port = free_port()
        self.address = f"http://{LOOPBACK}:{self.port}"
        self.log = log
        self._command = [*prefix, sys.executable, "-m", "graphql_api", "serve"]
        given = {"DATABASE_URL": url, "PORT": str(self.port), "ACCESS_LOG": "false", **settings}
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
            **{f"{PREFIX}{name.upper()}": value for name, value in given.items()},
            **(environment or {}),
        }
        self._process: ServerProcess | None = None

    @property
    def process(self) -> ServerProcess:
        """The running process."""
        if self._process is None:
            raise ServerError("the service is not started")
        return self._process

    async def start(self, *, seconds: float = 60) -> None:
        """Start it, and wait until it is ready."""
        self._process = ServerProcess("expense", self._command, log=self.log, environment=self._environment)
        await self.ready(seconds=seconds)

    async def ready(self, *, seconds: float = 60) -> None:
        """Wait until GET /readyz says so.

        Raises:
            ServerError: the process ended first.
            TimeoutError: it took too long.
        """
        await until_ready(self.process, self.address, seconds=seconds)

    async def kill(self) -> None:
        """End it as a crash would."""
        await asyncio.to_thread(self.process.kill)

    async def terminate(self) -> int:
        """End it as an operator does, and return its status."""
        self.process.signal(signal.SIGTERM)
        return await asyncio.to_thread(self.process.wait)

    def stop(self) -> None:
        """End it if it runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.stop()

    def memory_mib(self) -> float:
        """What the process holds in memory: its own, and its part of what it shares (PSS)."""
        return self.process.memory_mib()[0]

    def files(self) -> int:
        """How many files and sockets it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))
