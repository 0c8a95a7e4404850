"""Each server is real, is as new as promised, and keeps text whole through each driver."""

import pytest
import redis.asyncio
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

from tests.servers.database import DatabaseServer
from tests.servers.variants import Variant, fresh_database

pytestmark = pytest.mark.anyio

# Beyond the basic plane, a joined family, a combining accent, and text from right to left.
TEXT = "Café 🍰 👩‍👩‍👧 e\u0301 قهوة"


async def test_text_comes_back_whole(database_url: str) -> None:
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE merchant (name VARCHAR(100))"))
            await connection.execute(text("INSERT INTO merchant (name) VALUES (:name)"), {"name": TEXT})
        async with engine.connect() as connection:
            found = await connection.execute(text("SELECT name FROM merchant WHERE name = :name"), {"name": TEXT})
            assert found.scalars().all() == [TEXT]
    finally:
        await engine.dispose()


async def test_values_come_back_exact(database_url: str) -> None:
    # A digest of every byte, the least and the greatest amount, and text that SQL could misread.
    row = {
        "digest": bytes(range(256)),
        "least": -(2**63),
        "greatest": 2**63 - 1,
        "quoted": "100% \\ ' \" :name %s \0 --",
    }
    table = Table(
        "sample",
        MetaData(),
        Column("digest", LargeBinary(256)),
        Column("least", BigInteger),
        Column("greatest", BigInteger),
        Column("quoted", String(100)),
    )
    engine = create_async_engine(database_url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(table.metadata.create_all)
            await connection.execute(insert(table), row)
        async with engine.connect() as connection:
            assert dict((await connection.execute(select(table))).mappings().one()) == row
    finally:
        await engine.dispose()


async def test_connections_authenticate_with_and_without_the_cache(variant: Variant, database_url: str) -> None:
    # MySQL's first exchange for an account encrypts the password with the server's key; later
    # ones compare a cached hash, until the server forgets it.
    if variant.server is not None:
        variant.server.execute("FLUSH PRIVILEGES")
    for _ in range(2):
        engine = create_async_engine(database_url)
        try:
            async with engine.connect() as connection:
                assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
        finally:
            await engine.dispose()


async def test_a_fresh_database_is_empty_and_alone(variant: Variant) -> None:
    with fresh_database(variant) as first, fresh_database(variant) as second:
        for url in (first, second):
            engine = create_async_engine(url)
            try:
                async with engine.begin() as connection:
                    await connection.execute(text("CREATE TABLE merchant (name VARCHAR(100))"))
            finally:
                await engine.dispose()


def test_a_fresh_database_is_dropped(mariadb_server: DatabaseServer) -> None:
    variant = Variant(id="mariadb-aiomysql", driver="mysql+aiomysql", server=mariadb_server)
    before = set(_databases(mariadb_server))
    with fresh_database(variant):
        (new,) = set(_databases(mariadb_server)) - before
        assert str(new[0]).startswith("test_")
    assert set(_databases(mariadb_server)) == before


def test_mysql_is_as_new_as_promised(mysql_server: DatabaseServer) -> None:
    assert mysql_server.version >= (9, 7)
    plugin = mysql_server.execute(
        f"SELECT plugin FROM mysql.user WHERE user = '{mysql_server.user}'"  # noqa: S608
    )
    assert plugin == (("caching_sha2_password",),)


def test_mariadb_is_as_new_as_promised(mariadb_server: DatabaseServer) -> None:
    assert mariadb_server.version >= (10, 11)


async def test_redis_answers(redis_url: str) -> None:
    async with redis.asyncio.from_url(redis_url) as client:
        assert await client.ping()
        assert (await client.info("server"))["redis_version"] >= "7"
        assert await client.dbsize() == 0


def _databases(server: DatabaseServer) -> tuple[tuple[object, ...], ...]:
    return server.execute("SHOW DATABASES")
