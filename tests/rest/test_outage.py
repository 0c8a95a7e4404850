"""A database that goes away and comes back, as each dialect tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.database.prepared import migrated
from tests.rest.conftest import application
from tests.servers.variants import Variant, fresh_database

if TYPE_CHECKING:
    from tests.servers.database import DatabaseServer

pytestmark = pytest.mark.anyio


async def test_an_outage_is_a_503_and_passes(mariadb_server: DatabaseServer) -> None:
    variant = Variant(id="mariadb-aiomysql", driver="mysql+aiomysql", server=mariadb_server)
    with fresh_database(variant) as url:
        await migrated(url)
        async with application(url) as client:
            assert (await client.post("/transaction", json={"amount": 1})).status_code == 200
            mariadb_server.process.stop()
            try:
                for path, shape in (
                    ("/api/v1/transactions", {"detail"}),
                    ("/transaction", {"message", "error"}),
                    ("/api/v1/transactions/1", {"detail"}),
                    ("/transaction/1", {"message", "error"}),
                ):
                    for method in ("GET", "DELETE" if path.endswith("/1") else "POST"):
                        content = {"amount": 1} if method == "POST" else None
                        response = await client.request(method, path, json=content)
                        assert response.status_code == 503, response.text
                        assert response.headers["retry-after"] == "1"
                        assert set(response.json()) == shape
                health = (await client.get("/api/v1/health")).json()
                assert (health["status"], health["database"]) == ("degraded", "down")
            finally:
                mariadb_server.start()
            listed = (await client.get("/api/v1/transactions")).json()
            assert listed["total"] == 1
            assert (await client.delete("/transaction/1")).status_code == 200
