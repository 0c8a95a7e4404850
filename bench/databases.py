"""The databases that benchmarks run on: real servers, started for the run and removed after it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from graphql_api.database.schema import migrate
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.ledgers.principal import LOCAL
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from tests.servers.database import DatabaseServer
from tests.servers.mariadb import MariaDBServer
from tests.servers.mysql import MySQLServer
from tests.servers.variants import SERVERS_OF, Variant

SERVERS: dict[str, type[DatabaseServer]] = {"mysql": MySQLServer, "mariadb": MariaDBServer}


@contextmanager
def running(name: str, *, logs: Path, durable: bool, buffers_mib: int = 512) -> Iterator[DatabaseServer | None]:
    """Start a server and stop it when the block ends; give None for SQLite, which has none.

    Args:
        name: sqlite, mysql or mariadb.
        logs: the folder for its log.
        durable: whether a commit is on the disk before it is acknowledged.
        buffers_mib: the memory that it holds pages in.
    """
    if name == "sqlite":
        yield None
        return
    server = SERVERS[name](logs=logs, durable=durable)
    try:
        server.start()
        server.execute(f"SET GLOBAL innodb_buffer_pool_size = {buffers_mib * 2**20}")
        yield server
    finally:
        server.stop()


def versions(name: str, server: DatabaseServer | None) -> dict[str, str]:
    """Return the version of the database that runs, by its name."""
    found = sqlite3.sqlite_version if server is None else ".".join(map(str, server.version))
    return {name: found}


def variant(name: str, server: DatabaseServer | None) -> Variant:
    """Return one of the databases and drivers by its id, on a running server."""
    return Variant(id=name, driver=SERVERS_OF[name][1], server=server)


async def prepare(url: str) -> None:
    """Make the tables."""
    database = open_database(Settings(database_url=SecretStr(url)))
    try:
        await migrate(database.engines.write)
        await ensure_default_ledger(database.engines.write, LOCAL.subject, "USD")
    finally:
        await database.close()
