"""The databases and drivers that every test of the database runs on."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.servers.database import DatabaseServer
from tests.servers.ports import LOOPBACK

SERVERS_OF: dict[str, tuple[str | None, str]] = {
    # id: (server, SQLAlchemy's driver name)
    "sqlite": (None, "sqlite+aiosqlite"),
    "mysql-aiomysql": ("mysql", "mysql+aiomysql"),
    "mysql-asyncmy": ("mysql", "mysql+asyncmy"),
    "mariadb-aiomysql": ("mariadb", "mysql+aiomysql"),
    "mariadb-asyncmy": ("mariadb", "mysql+asyncmy"),
}


@dataclass(frozen=True)
class Variant:
    """One database with one driver.

    Attributes:
        id: one of the keys of `SERVERS_OF`.
        driver: SQLAlchemy's name of dialect and driver.
        server: the running server; None for SQLite, which has none.
    """

    id: str
    driver: str
    server: DatabaseServer | None

    def url(self, database: str) -> str:
        """Return SQLAlchemy's URL of a database of the server, by name."""
        if self.server is None:
            raise ValueError("a database of SQLite is a file, not a name on a server")
        account = f"{self.server.user}:{quote(self.server.password, safe='')}"
        return f"{self.driver}://{account}@{LOOPBACK}:{self.server.port}/{database}?charset=utf8mb4"


@contextmanager
def fresh_database(variant: Variant, folder: Path | None = None) -> Iterator[str]:
    """Make an empty database, give its URL, and drop it when the block ends.

    `folder` is where SQLite's file lies; the disk if it is not given.
    """
    if variant.server is None:
        with tempfile.TemporaryDirectory(prefix="ledger-sqlite-", dir=folder) as home:
            yield f"{variant.driver}:///{Path(home) / 'ledger.sqlite3'}"
        return
    name = f"test_{secrets.token_hex(6)}"
    variant.server.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield variant.url(name)
    finally:
        # A test that stopped the server for good has dropped the database with it.
        if variant.server.process.returncode is None:
            variant.server.execute(f"DROP DATABASE {name}")
