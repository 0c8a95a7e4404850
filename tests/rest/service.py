"""The service as a process of its own, on SQLite."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Service:
    """A running server: its address and the file of its log."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{LOOPBACK}:{self.port}"


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Start a server as `expense serve` does, and stop it when the block ends. `settings` are EXPENSE_ variables."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EXPENSE_")},
        "EXPENSE_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'ledger.sqlite3'}",
        "EXPENSE_PORT": str(port),
        **(settings or {}),
    }
    command = [sys.executable, "-m", "graphql_api", "serve"]
    log = folder / "server.log"
    with ServerProcess("the service", command, log=log, environment=environment) as process:
        process.wait_for_port(port)
        yield Service(port, log)
