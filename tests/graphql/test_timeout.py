"""A request that takes too long is ended, with its statement on the database, on each engine and by each door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from graphql_api.database.reader import Snapshot
from tests.database.test_interrupt import HEAVY, running, until
from tests.graphql.api import Api
from tests.graphql.conftest import migrated, serving
from tests.servers.variants import Variant

pytestmark = pytest.mark.anyio


@pytest.fixture
async def hasty(prepared_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """An application whose requests may take half a second."""
    async with serving(await migrated(prepared_url, request_timeout=0.5)) as client:
        yield client


@pytest.fixture
async def calm(prepared_url: str) -> AsyncIterator[Api]:
    """Another of the same database, whose requests may take as long as they do on a busy machine."""
    async with serving(await migrated(prepared_url)) as client:
        yield Api(client)


async def by_ids(snapshot: Snapshot, *_: Any) -> Any:
    """Stands for the look-up of entities by id: a statement that takes days."""
    return await snapshot.everywhere(text(HEAVY))


async def _gone(variant: Variant) -> None:
    if variant.server is not None:

        async def gone() -> bool:
            return await running(variant) == 0

        await until(gone)


async def test_a_graphql_request(
    hasty: httpx.AsyncClient, calm: Api, variant: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await calm.data(
        'mutation { createTransaction(input: {amount: {value: "1"}, date: "2026-01-01"}) { transaction { id } } }'
    )
    found = made["createTransaction"]["transaction"]["id"]
    monkeypatch.setattr("graphql_api.cache.entities.by_ids", by_ids)
    # the loader reads it in a task of its own; the ledger's row is read beside it
    query = f'{{ node(id: "{found}") {{ id }} ledger {{ transactions {{ totalCount }} }} }}'
    answer = await hasty.post("/graphql", json={"query": query})
    assert answer.status_code == 504
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {
        "code": "TIMEOUT", "limit": "requestTime", "most": 0.5, "setting": "EXPENSE_REQUEST_TIMEOUT",
    }  # fmt: skip
    await _gone(variant)
    monkeypatch.undo()
    assert (await calm.data(query))["node"] == {"id": found}


async def test_rest_requests(hasty: httpx.AsyncClient, variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.transactions.access.by_ids", by_ids)
    answer = await hasty.get("/api/v1/transactions/1")
    assert (answer.status_code, list(answer.json())) == (504, ["detail"])
    assert "EXPENSE_REQUEST_TIMEOUT" in answer.json()["detail"]
    await _gone(variant)
    answer = await hasty.get("/api/transaction/1")
    assert (answer.status_code, list(answer.json())) == (504, ["message", "error"])
    await _gone(variant)
