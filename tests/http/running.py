"""A real server as a child process: its banner, its log and its address."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.servers.process import ServerProcess


class RunningServer:
    """Starts at once. What it writes, on both streams, goes to `log`."""

    def __init__(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str], directory: Path) -> None:
        self.log = log
        self.process = ServerProcess("expense", command, log=log, environment=environment, directory=directory)

    def address(self) -> str:
        """Wait until the server has told where it listens, and return it."""
        found: list[str] = []

        def told() -> bool:
            found[:] = re.findall(r"^Health\s+(http://\S+)/health$", self.output(), re.MULTILINE)
            return bool(found)

        self.process.wait_for(told, seconds=180)
        return found[0]

    def fails(self) -> tuple[int, str]:
        """Wait until the server gives up, and return its status and all that it wrote."""
        return self.process.wait(seconds=60), self.output()

    def output(self) -> str:
        """All that it wrote so far."""
        return self.log.read_text(errors="replace")

    def lines(self) -> list[dict[str, Any]]:
        """The log's JSON lines so far."""
        return [json.loads(line) for line in self.output().splitlines() if line.startswith("{")]

    def workers(self) -> list[int]:
        """The process ids of the server's children that serve."""
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
                command = (path.parent / "cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == self.process.pid and "spawn_main" in command:
                found.append(int(path.parent.name))
        return sorted(found)
