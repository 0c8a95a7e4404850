"""The schema goes up and down on every engine, is the one that the code means, and is checked at the start."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from graphql_api.database import schema, tables
from graphql_api.database.engine import Engines, open_engines
from graphql_api.database.schema import HEAD, SchemaMismatch, check_revision, current_revision, migrate
from graphql_api.ledgers.errors import Unavailable
from tests.servers.variants import Variant

pytestmark = pytest.mark.anyio


@pytest.fixture
async def engines(database_url: str) -> AsyncIterator[Engines]:
    opened = open_engines(database_url)
    yield opened
    await opened.dispose()


async def table_names(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names())) - {"alembic_version"}


async def test_it_goes_up_and_down_and_up(engines: Engines) -> None:
    assert await current_revision(engines.read) is None
    assert await migrate(engines.write) == (None, HEAD)
    assert await table_names(engines.read) == set(tables.metadata.tables)
    assert await migrate(engines.write) == (HEAD, HEAD)
    assert await migrate(engines.write, "base") == (HEAD, None)
    assert await table_names(engines.read) == set()
    assert await migrate(engines.write, HEAD) == (None, HEAD)
    await check_revision(engines.read)


async def test_it_is_the_schema_that_the_code_means(engines: Engines) -> None:
    await migrate(engines.write)

    def differences(sync: Connection) -> list[Any]:
        context = MigrationContext.configure(
            sync, opts={"compare_type": True, "compare_server_default": True, "target_metadata": tables.metadata}
        )
        return list(compare_metadata(context, tables.metadata))

    async with engines.read.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_text_is_compared_by_code_point(engines: Engines, variant: Variant) -> None:
    if variant.server is None:
        return  # SQLite compares so unless a column says otherwise, which the comparison above would find
    await migrate(engines.write)
    statement = text(
        "SELECT DISTINCT character_set_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name <> 'alembic_version' AND collation_name IS NOT NULL"
    )
    async with engines.read.connect() as connection:
        found = [tuple(row) for row in (await connection.execute(statement)).all()]
    expected = "utf8mb4_nopad_bin" if variant.id.startswith("mariadb") else "utf8mb4_0900_bin"
    assert found == [("utf8mb4", expected)]


async def test_an_empty_database_is_told(engines: Engines) -> None:
    with pytest.raises(SchemaMismatch, match="run `expense migrate` first"):
        await check_revision(engines.read)


@pytest.mark.parametrize(("revision", "words"), [("0000", "the old schema 0000"), ("9999", "newer than")])
async def test_another_revision_is_told(engines: Engines, revision: str, words: str) -> None:
    await migrate(engines.write)
    async with engines.write.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(SchemaMismatch, match=words):
        await check_revision(engines.read)
    with pytest.raises(SchemaMismatch, match=revision):
        await migrate(engines.write)
    assert await table_names(engines.read) == set(tables.metadata.tables)


async def test_processes_that_migrate_at_once_wait_for_each_other(database_url: str, engines: Engines) -> None:
    command = [sys.executable, "-m", "graphql_api", "migrate", "--json"]
    environment = {**os.environ, "EXPENSE_DATABASE_URL": database_url}
    processes = [
        await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE) for _ in range(4)
    ]
    told = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, told
    found = sorted(json.loads(out)["changed"] for out, _ in told)
    assert found == [False, False, False, True]
    await check_revision(engines.read)
    assert await table_names(engines.read) == set(tables.metadata.tables)


async def test_a_migration_that_waits_for_long_says_so(
    engines: Engines, variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variant.server is None:
        return  # SQLite's own wait for a lock, which the tests of outages have
    monkeypatch.setattr(schema, "LOCK_SECONDS", 0)
    async with engines.read.connect() as other, schema._alone(other):  # noqa: SLF001  what another process holds
        with pytest.raises(Unavailable, match="Another process"):
            await migrate(engines.write)
    assert await migrate(engines.write) == (None, HEAD)


async def test_an_unknown_target_is_told(engines: Engines) -> None:
    with pytest.raises(SchemaMismatch, match="and not 0815"):
        await migrate(engines.write, "0815")
    assert await current_revision(engines.read) is None


def test_every_revision_is_listed() -> None:
    from alembic.script import ScriptDirectory  # noqa: PLC0415  as in the code: its import takes long

    script = ScriptDirectory.from_config(schema._config())  # noqa: SLF001  what Alembic itself reads
    known = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(known)) == schema.REVISIONS
