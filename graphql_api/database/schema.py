"""The schema's revision: which one the code needs, which one the database has, and the way between them.

A revision is a generation of two digits and a step of two. A step within a generation only adds what the code before
it can do without (tables, columns that may be empty or have a default), so that the code before goes on serving
beside the new one. What the code before could not work with begins a new generation.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import inspect, text

from graphql_api.database.engine import outages_told
from graphql_api.ledgers.errors import LedgerError, Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from alembic.config import Config
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

REVISIONS = ("0001", "0002")
"""Every revision, oldest first."""

HEAD = REVISIONS[-1]
"""The revision that this code reads and writes."""

LOCK_SECONDS = 600
"""How long a migration waits for another process's on MySQL and MariaDB."""

_LOCK = "expense-schema-"
_GENERATION = 2


class SchemaMismatch(LedgerError):
    """The database has another schema than the code; its text says what to do."""


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision of the database, None for an empty one."""
    with outages_told():
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)


async def check_revision(engine: AsyncEngine) -> None:
    """Raise `SchemaMismatch` unless the database has the revision that the code needs, or one that only adds to it."""
    found = await current_revision(engine)
    if found == HEAD or (found is not None and _adds_to_ours(found)):
        return
    if found is None:
        message = "The database is empty: run `expense migrate` first."
    elif found < HEAD:
        message = f"The database has the old schema {found}, and this version needs {HEAD}: run `expense migrate`."
    else:
        message = (
            f"The database has the schema {found}, newer than {HEAD} which this version knows: "
            "run the newer version, or take its schema down with it first."
        )
    raise SchemaMismatch(message)


async def migrate(engine: AsyncEngine, target: str = "head") -> tuple[str | None, str | None]:
    """Take the schema up or down to a revision ("head", "base" or a number); gives the one before and after.

    Raises `SchemaMismatch` for a revision that this version does not know, wanted or found.
    """
    from alembic import command  # noqa: PLC0415  its import takes longer than the rest of the start

    with outages_told():
        async with engine.connect() as connection, _alone(connection):
            before = await connection.run_sync(_revision)
            if target == "head" and before is not None and _adds_to_ours(before):
                return before, before  # a newer version was here, and may still be serving
            for revision in (before, target):
                if revision not in {None, "head", "base", *REVISIONS}:
                    raise SchemaMismatch(f"This version knows the schemas {', '.join(REVISIONS)}, and not {revision}.")

            def run(sync: Connection) -> None:
                config = _config()
                config.attributes["connection"] = sync
                down = target == "base" or (before is not None and target != "head" and target < before)
                (command.downgrade if down else command.upgrade)(config, target)

            await connection.run_sync(run)
            return before, await connection.run_sync(_revision)


@asynccontextmanager
async def _alone(connection: AsyncConnection) -> AsyncIterator[None]:
    """Keep other processes from migrating the same database meanwhile; they wait, and then find nothing to do.

    On SQLite one transaction is the lock, and all of the way or nothing is kept. MySQL and MariaDB end a transaction
    at each change of a table, so there it is a lock of the session, which the server frees if the process dies.
    """
    if connection.dialect.name == "sqlite":
        async with connection.begin():
            yield
        return
    name = {"name": f"{_LOCK}{crc32(str(connection.engine.url.database).encode()):08x}"}  # locks are the server's
    taken = await connection.scalar(text(f"SELECT GET_LOCK(:name, {LOCK_SECONDS})"), name)
    if not taken:
        raise Unavailable("Another process has been migrating this database for long; nothing was changed. Try again.")
    try:
        await connection.rollback()
        yield
        await connection.commit()
    finally:
        await connection.rollback()
        await connection.execute(text("SELECT RELEASE_LOCK(:name)"), name)


def _adds_to_ours(found: str) -> bool:
    return found > HEAD and found[:_GENERATION] == HEAD[:_GENERATION]


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415  as above

    config = Config()
    config.set_main_option("script_location", str(files("graphql_api.database") / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
