"""The databases that benchmarks run on: real servers, started for the run and removed after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def variant(name: str, server: DatabaseServer | None) -> Variant:
    """Return one of the databases and drivers by its id, on a running server."""
    return Variant(id=name, driver=SERVERS_OF[name][1], server=server)
