"""Databases with the ledger's tables and no row: made once, and emptied for one test after another."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

from graphql_api.database.engine import open_engines
from graphql_api.database.schema import migrate
from graphql_api.database.tables import metadata
from tests.servers.database import DatabaseServer
from tests.servers.memory import memory_folder
from tests.servers.variants import Variant, fresh_database

PATIENCE_SECONDS = 2
"""For what an earlier test left behind on a server: then another database is made."""


class Prepared:
    """The databases of a session.

    A migration takes a fifth to two seconds, emptying a few milliseconds. A test that is about migrations, or changes
    tables, takes a fresh database instead. `template` is where SQLite's file is made, to be copied.
    """

    def __init__(self, template: Path) -> None:
        self._template = template
        self._free: dict[str, list[str]] = {}
        self._made = 0

    @contextmanager
    def database(self, variant: Variant) -> Iterator[str]:
        """Give the URL of a database that nobody else uses while the block runs."""
        if variant.server is None:
            with fresh_database(variant, memory_folder()) as url:
                shutil.copyfile(self._migrated_file(), url.partition(":///")[2])
                yield url
            return
        free = self._free.setdefault(variant.server.name, [])
        name = self._taken(variant, variant.server, free)
        yield variant.url(name)
        # emptied when it is taken again: whatever the test started has ended by then
        free.append(name)

    def _migrated_file(self) -> Path:
        if not self._template.exists():
            asyncio.run(migrated(f"sqlite+aiosqlite:///{self._template}"))
        return self._template

    def _taken(self, variant: Variant, server: DatabaseServer, free: list[str]) -> str:
        while free:
            name = free.pop()
            try:
                _empty(server, name)
            except pymysql.err.OperationalError:
                continue  # an earlier test's connection still holds it
            return name
        self._made += 1
        name = f"prepared_{self._made}"
        server.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        asyncio.run(migrated(variant.url(name)))
        return name


async def migrated(url: str) -> None:
    """Give an empty database the schema."""
    engines = open_engines(url, pool_size=1)
    try:
        await migrate(engines.write)
    finally:
        await engines.dispose()


def _empty(server: DatabaseServer, name: str) -> None:
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            f"SET SESSION innodb_lock_wait_timeout = {PATIENCE_SECONDS}, lock_wait_timeout = {PATIENCE_SECONDS}"
        )
        for table in reversed(metadata.sorted_tables):
            cursor.execute(f"DELETE FROM {name}.{table.name}")  # noqa: S608  our own names
