"""What MySQL and MariaDB have in common as servers of the tests."""

import os
import secrets
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pymysql

from tests.servers.memory import memory_folder
from tests.servers.ports import LOOPBACK, free_port
from tests.servers.process import ServerError, ServerProcess

USER = "ledger"


class DatabaseServer(ABC):
    """A database server on a free port of 127.0.0.1, with a data folder of its own.

    Args:
        logs: the folder for its log, which is kept.
        durable: whether a commit is on the disk before it is acknowledged. Off by default:
            tests do not outlive a loss of power, and few are about it.
        options: more options of the server's.

    Its one account is `user` with `password`, made with the server's default authentication
    plugin, and may do everything.
    """

    name: str

    def __init__(self, *, logs: Path, durable: bool = False, options: Sequence[str] = ()) -> None:
        self.durable = durable
        self._more = list(options)
        self.user = USER
        self.password = secrets.token_urlsafe(16)
        self.port = 0
        self._log = logs / f"{self.name}.log"
        self._home = Path(tempfile.mkdtemp(prefix=f"ledger-{self.name}-", dir=None if durable else memory_folder()))
        self._process: ServerProcess | None = None

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self._home / "data"

    @property
    def process(self) -> ServerProcess:
        """The running process."""
        if self._process is None:
            raise ServerError(f"{self.name} is not started")
        return self._process

    def start(self) -> None:
        """Make the data folder if there is none yet, and wait until the server answers.

        A server that was stopped or killed starts on the same port with the same data.
        """
        if not self.data.exists():
            self._initialise()
        self.port = self.port or free_port()
        process = ServerProcess(self.name, self._command(), log=self._log)
        self._process = process
        try:
            process.wait_for(self._answers)
        except ServerError:
            process.stop()
            raise

    def stop(self) -> None:
        """Stop the server and remove its data."""
        try:
            if self._process is not None:
                self._process.stop()
        finally:
            shutil.rmtree(self._home, ignore_errors=True)

    @contextmanager
    def connect(self) -> Iterator["pymysql.Connection[pymysql.cursors.Cursor]"]:
        """Give a blocking connection that commits each statement, for preparing and looking."""
        with closing(
            pymysql.connect(
                host=LOOPBACK,
                port=self.port,
                user=self.user,
                password=self.password,
                charset="utf8mb4",
                autocommit=True,
                connect_timeout=10,
            )
        ) as connection:
            yield connection

    def execute(self, statement: str) -> tuple[tuple[object, ...], ...]:
        """Run one statement and return its rows."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return tuple(cursor.fetchall())

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version by its own word: (9, 7, 4)."""
        ((text,),) = self.execute("SELECT VERSION()")
        return tuple(int(part) for part in str(text).split("-", maxsplit=1)[0].split("."))

    def _answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except pymysql.err.OperationalError:
            return False
        return True

    @property
    def _accounts(self) -> Path:
        """A file of SQL that makes the account, run by the server at every start."""
        path = self._home / "accounts.sql"
        path.write_text(
            f"CREATE USER IF NOT EXISTS '{self.user}'@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON *.* TO '{self.user}'@'%' WITH GRANT OPTION;\n"
            f"ALTER USER 'root'@'localhost' IDENTIFIED BY '{self.password}';\n"
        )
        return path

    @property
    def _options(self) -> list[str]:
        """The options that both servers know."""
        options = [
            f"--datadir={self.data}",
            f"--socket={self._home / 'socket'}",
            f"--pid-file={self._home / 'pid'}",
            f"--port={self.port}",
            f"--bind-address={LOOPBACK}",
            f"--init-file={self._accounts}",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=64M",
            "--performance-schema=OFF",
            "--max-connections=100",
        ]
        if not self.durable:
            options += [
                "--innodb-flush-log-at-trx-commit=0",
                "--sync-binlog=0",
                "--innodb-doublewrite=OFF",
            ]
        return options + self._more

    def _run(self, command: Sequence[str | Path]) -> None:
        """Run a command that prepares the server, and wait for its end."""
        process = ServerProcess(f"{self.name}'s preparation", command, log=self._log)
        try:
            status = process.wait(seconds=120)
        finally:
            process.kill()
        if status != 0:
            raise ServerError(f"preparing {self.name} ended with {status}, see {self._log}")

    @abstractmethod
    def _initialise(self) -> None:
        """Make the data folder."""

    @abstractmethod
    def _command(self) -> list[str | Path]:
        """Return the command that starts the server."""


def as_root() -> list[str]:
    """Return the option without which these servers refuse to be run by root."""
    return ["--user=root"] if os.geteuid() == 0 else []
