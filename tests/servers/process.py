"""A server as a child process."""

import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.ports import is_open

START_SECONDS = 120.0
STOP_SECONDS = 60.0
LOG_TAIL_LINES = 20


class ServerError(Exception):
    """A server ended or stayed silent; the message ends with the last lines of its log."""


class ServerProcess:
    """A child process that is stopped by its id, whatever becomes of the tests.

    Args:
        name: what messages call it.
        command: program and arguments.
        log: the file that takes its standard output and error; added to, and kept.
        environment: all of the child's environment; the parent's when not given.
        directory: the child's working directory; the parent's when not given.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the callers' own arguments
                [*_dies_with_parent(), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=directory,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The id of the server's own process."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How the server ended: None while it runs, negative by a signal."""
        return self._process.poll()

    def wait_for(self, ready: Callable[[], bool], *, seconds: float = START_SECONDS) -> None:
        """Wait until `ready` is true.

        Raises:
            ServerError: the server ended first, or the time is up.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if self.returncode is not None:
                raise ServerError(self._told(f"ended with status {self.returncode}"))
            if time.monotonic() > deadline:
                raise ServerError(self._told(f"was not ready after {seconds:.0f} s"))
            time.sleep(0.02)

    def wait_for_port(self, port: int, *, seconds: float = START_SECONDS) -> None:
        """Wait until the server accepts connections on a port of 127.0.0.1."""
        self.wait_for(lambda: is_open(port), seconds=seconds)

    def wait(self, *, seconds: float = STOP_SECONDS) -> int:
        """Wait until the server ends by itself, and return its status."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise ServerError(self._told(f"did not end within {seconds:.0f} s")) from error

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server's process alone."""
        self._process.send_signal(number)

    def memory_mib(self) -> tuple[float, float]:
        """Return what the process holds in memory: its own with its part of what it shares (PSS), and all (RSS)."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
        return sizes["Pss"] / 1024, sizes["Rss"] / 1024

    def stop(self, *, seconds: float = STOP_SECONDS) -> int:
        """End the server with SIGTERM, or SIGKILL if that is not heeded; return its status."""
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End the server as a crash would, and return its status."""
        self._process.kill()
        return self._process.wait()

    def __enter__(self) -> Self:
        """Return the running server."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server."""
        self.stop()

    def _told(self, what: str) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join([f"{self.name} {what}; the end of {self.log}:", *lines])


def _dies_with_parent() -> list[str]:
    """Return the command prefix that ends the child when the test run is killed outright.

    The kernel ties it to the thread that starts the child, so servers that outlive a test are
    started in the main thread, as pytest's fixtures are.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []
