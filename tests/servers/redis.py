"""Redis, as Debian's package installs it."""

import shutil
import tempfile
from pathlib import Path

import redis

from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerError, ServerProcess
from tests.servers.programs import installed


class RedisServer:
    """A Redis on a free port of 127.0.0.1 that keeps nothing on the disk.

    Args:
        logs: the folder for its log, which is kept.
    """

    name = "redis"

    def __init__(self, *, logs: Path) -> None:
        self.port = free_port()
        self._log = logs / "redis.log"
        self._home = Path(tempfile.mkdtemp(prefix="ledger-redis-"))
        self._process: ServerProcess | None = None

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    @property
    def process(self) -> ServerProcess:
        """The running process."""
        if self._process is None:
            raise ServerError("redis is not started")
        return self._process

    def start(self) -> None:
        """Start the server and wait until it answers; again on the same port, and empty."""
        process = ServerProcess(
            self.name,
            [
                installed("redis"),
                *("--bind", LOOPBACK),
                *("--port", str(self.port)),
                *("--dir", str(self._home)),
                *("--save", ""),
                *("--appendonly", "no"),
            ],
            log=self._log,
        )
        self._process = process
        try:
            process.wait_for(self._answers)
        except ServerError:
            process.stop()
            raise

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis(host=LOOPBACK, port=self.port) as client:
            client.flushall()

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        try:
            if self._process is not None:
                self._process.stop()
        finally:
            shutil.rmtree(self._home, ignore_errors=True)

    def _answers(self) -> bool:
        with redis.Redis(host=LOOPBACK, port=self.port, socket_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False
