"""The database is killed under load, is slow to reach, or gives no more connections."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from tests.database.proxy import Proxy
from tests.faults.conftest import Serve, migrated
from tests.faults.service import Service
from tests.faults.writers import WRITERS, check, more, writing
from tests.servers.database import DatabaseServer
from tests.servers.mariadb import MariaDBServer
from tests.servers.mysql import MySQLServer
from tests.servers.variants import Variant, fresh_database

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(900)]

SECONDS_TO_RECOVER = 5.0
LIST = {"query": "{ ledger { transactions(first: 10) { nodes { id } } } }"}


@pytest.fixture(params=[MySQLServer, MariaDBServer], ids=["mysql", "mariadb"])
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseServer]:
    """A server of this test's own that has a commit on the disk before it acknowledges it."""
    server: DatabaseServer = request.param(logs=tmp_path, durable=True)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("driver", ["mysql+aiomysql", "mysql+asyncmy"])
async def test_it_is_killed_and_comes_back(serve: Serve, durable: DatabaseServer, driver: str) -> None:
    with fresh_database(Variant(id=durable.name, driver=driver, server=durable)) as url:
        service = await _serving(serve, url)
        async with writing(service.address) as told:
            for _ in range(3):
                await more(told, 50)
                durable.process.kill()
                await asyncio.sleep(2)
                await asyncio.to_thread(durable.start)
                back = time.monotonic()
                await more(told, 1)
                took = time.monotonic() - back
                print(f"{durable.name}, {driver}: the first write {took:.2f} s after the database was back")
                assert took < SECONDS_TO_RECOVER
        version = await check(service.address, told)
        print(f"{len(told.acknowledged)} acknowledged, version {version}, refusals {dict(told.refusals)}")
        assert told.refusals["503"]
        assert set(told.refusals) == {"503"}
        assert await service.terminate() == 0


@pytest.fixture
async def proxy(variant: Variant) -> AsyncIterator[Proxy]:
    assert variant.server is not None
    async with Proxy(variant.server.port) as running:
        yield running


async def test_it_is_far_away(serve: Serve, ledger_url: str, proxy: Proxy) -> None:
    url = make_url(ledger_url).set(port=proxy.port).render_as_string(hide_password=False)
    service = serve(url, request_timeout="5")
    await service.start()
    proxy.delay = 0.05
    async with writing(service.address) as told:
        await more(told, 5 * WRITERS)
    assert not told.refusals
    proxy.delay = 10
    async with httpx.AsyncClient(base_url=service.address, timeout=60) as client:
        late = await asyncio.gather(*(client.post("/graphql", json=LIST) for _ in range(3)))
        assert {answer.status_code for answer in late} <= {503, 504}
        assert (await client.get("/livez")).status_code == httpx.codes.OK
        assert (await client.get("/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE
        proxy.delay = 0
        proxy.break_all()
        await service.ready()
        assert (await client.post("/graphql", json=LIST)).json()["data"]
    await check(service.address, told)


async def test_it_gives_no_more_connections(serve: Serve, durable: DatabaseServer) -> None:
    with fresh_database(Variant(id=durable.name, driver="mysql+aiomysql", server=durable)) as url:
        service = await _serving(serve, url, database_pool_size="1", database_pool_timeout="0.5")
        async with writing(service.address, writers=2) as told:
            await more(told, 2)
            with durable.connect() as connection, connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLES {make_url(url).database}.ledgers WRITE")
                async with httpx.AsyncClient(base_url=service.address, timeout=60) as client:
                    waiting = [asyncio.create_task(client.post("/graphql", json=LIST)) for _ in range(8)]
                    done, _ = await asyncio.wait(waiting, timeout=10)
                    refused = [task.result() for task in done]
                    assert len(refused) >= len(waiting) - 1
                    assert {answer.status_code for answer in refused} == {503}
                    assert all("Retry-After" in answer.headers for answer in refused)
                    cursor.execute("UNLOCK TABLES")
                    await asyncio.gather(*waiting)
                    assert (await client.post("/graphql", json=LIST)).status_code == httpx.codes.OK
            await more(told, 4)
        await check(service.address, told)


async def _serving(serve: Serve, url: str, **settings: str) -> Service:
    service = serve(url, **settings)
    await migrated(url)
    await service.start()
    return service
