"""The service as a process of its own, as `expense serve` starts it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graphql_api.settings import PREFIX
from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerProcess
from tests.servers.ready import until_ready


@dataclass(frozen=True, slots=True)
class Service:
    """A process that serves on a port of 127.0.0.1."""

    process: ServerProcess
    port: int

    async def ready(self, *, seconds: float = 60) -> None:
        """Wait until GET /readyz says so.

        Raises:
            ServerError: the process ended first.
        """
        await until_ready(self.process, f"http://{LOOPBACK}:{self.port}", seconds=seconds)

    def memory_mib(self) -> tuple[float, float]:
        """Return what the process holds in memory, as PSS and as RSS."""
        return self.process.memory_mib()


@contextmanager
def serving(url: str, *, logs: Path, core: int | None = None) -> Iterator[Service]:
    """Start the service, with the settings that it and Python have by default, and stop it when the block ends.

    It may not answer yet when the block begins.

    Args:
        url: SQLAlchemy's URL of the database.
        logs: the folder for its log.
        core: the one core that it may run on; any if not given.
    """
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "PYTHON"))}
    environment |= {f"{PREFIX}DATABASE_URL": url, f"{PREFIX}PORT": str(port)}
    command = [sys.executable, "-m", "graphql_api", "serve"]
    if core is not None:
        command = ["taskset", "--cpu-list", str(core), *command]
    process = ServerProcess("expense serve", command, log=logs / "serve.log", environment=environment)
    try:
        yield Service(process, port)
    finally:
        process.stop()
