"""Generated operations of somebody who is no member, at every door; and the same with each check taken away."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import literal, select

from graphql_api.database import reader
from graphql_api.http.schema import GRAPHQL_SCHEMA
from graphql_api.ledgers.principal import Principal, Role
from graphql_api.settings import Settings
from tests.graphql.conftest import migrated
from tests.hypotheses import examples
from tests.isolation.operations import Operations
from tests.isolation.tenants import ANNA, EVE, Tenants, serving

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.each_engine,
    # graphql-core starts what stands beside a failed field and drops what that was to await
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
]

SEED = 20261127


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Drop what was never awaited here, where the filter above holds.

    Not in the next test, and not within a named tuple's making, whose frame has no builtins to warn with.
    """
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(params=["memory", "redis"])
async def tenants(request: pytest.FixtureRequest, prepared_url: str) -> AsyncIterator[Tenants]:
    """Two people of one service, which keeps answers in memory, or in Redis too."""
    redis = {"redis_url": request.getfixturevalue("redis_url")} if request.param == "redis" else {}
    async for found in opened(await migrated(prepared_url, access_log=False, **redis)):
        yield found


async def opened(settings: Settings) -> AsyncIterator[Tenants]:
    """Two people."""
    async with serving(settings) as client:
        found = Tenants(client)
        await found.settle()
        yield found


async def intrude(tenants: Tenants, count: int, seed: int = SEED) -> list[str]:
    """Ask generated queries, first as the owner, so that answers are kept; gives what leaked, and fails if idle."""
    operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), seed)
    leaked: list[str] = []
    shown = 0
    for _ in range(count):
        query = operations.query()
        owners = await tenants.ask(ANNA, query)
        assert owners.status_code == 200, owners.text[-3000:] + query
        shown += bool(tenants.leaks(query, owners.text))
        intruders = await tenants.ask(EVE, query)
        leaked += tenants.leaks(query, intruders.text)
    assert shown > count // 4, "the owner is shown what the intruder is not, or this proves nothing"
    return leaked


async def test_queries_show_nothing_and_tell_nothing_apart(tenants: Tenants) -> None:
    assert await intrude(tenants, examples(80)) == []
    operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), SEED + 1)
    for _ in range(examples(80)):
        query = operations.query()
        there = (await tenants.ask(EVE, query)).text
        nowhere = (await tenants.ask(EVE, tenants.elsewhere(query))).text
        assert places_aside(tenants.elsewhere(there)) == places_aside(nowhere), query


def places_aside(text: str) -> Any:
    """An answer without the columns of its errors: ids of another length move them."""
    answer = json.loads(text)
    for error in answer.get("errors", ()):
        error.pop("locations", None)
    return answer


async def test_mutations_change_nothing_and_show_nothing(tenants: Tenants) -> None:
    before = await tenants.version()
    operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), SEED + 2)
    refused = 0
    for _ in range(examples(120)):
        mutation = operations.mutation()
        answer = await tenants.ask(EVE, mutation)
        assert answer.status_code == 200, (mutation, answer.text)
        assert tenants.leaks(mutation, answer.text) == [], (mutation, answer.text)
        refused += "NOT_FOUND" in answer.text
    assert refused > examples(20)
    assert await tenants.version() == before


async def test_subscriptions_show_nothing(tenants: Tenants) -> None:
    operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), SEED + 3)
    seen = 0
    for _ in range(examples(120)):
        subscription = operations.subscription()
        if tenants.eves in subscription:
            continue  # it is their own, and goes on
        answer = await tenants.ask(EVE, subscription, accept="text/event-stream")
        assert tenants.leaks(subscription, answer.text) == [], (subscription, answer.text)
        seen += "NOT_FOUND" in answer.text
    assert seen > examples(20)


REST: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/api/v1/transactions", {"params": {"limit": "3"}}),
    ("GET", "/api/v1/transactions/1", {}),
    ("DELETE", "/api/v1/transactions/1", {}),
    ("POST", "/api/v1/transactions", {"json": {"amount": 1, "merchant": "x", "description": "x"}}),
    ("GET", "/transaction", {}),
    ("POST", "/transaction", {"json": {"amount": "1", "desc": "x"}}),
    ("DELETE", "/transaction", {}),
    ("GET", "/api/transaction/id", {"params": {"id": "1"}}),
    ("DELETE", "/api/transaction/id", {"params": {"id": "1"}}),
]


@pytest.mark.parametrize(("method", "path", "options"), REST)
async def test_rest_shows_nothing_and_tells_nothing_apart(
    tenants: Tenants, method: str, path: str, options: dict[str, Any]
) -> None:
    before = await tenants.version()
    for ledger in (tenants.ledger, str(tenants.number)):
        answers = []
        for named in (ledger, tenants.elsewhere(ledger)):
            headers = {"authorization": f"Bearer {EVE}", "X-Ledger-Id": named}
            answer = await tenants.http.request(method, path, headers=headers, **options)
            assert tenants.leaks(named, answer.text) == []
            answers.append((answer.status_code, answer.text))
        assert answers[0] == answers[1]
        assert answers[0][0] in {404, 422}
    assert await tenants.version() == before


async def test_nobody_is_shown_anything(tenants: Tenants) -> None:
    operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), SEED + 4)
    for _ in range(10):
        query = operations.query()
        answer = await tenants.http.post("/graphql", json={"query": query})
        assert (answer.status_code, tenants.leaks(query, answer.text)) == (401, [])


# what the generator finds when a check is taken away

Breaking = Callable[[pytest.MonkeyPatch], None]


def without_the_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot reads a ledger's row whoever asks."""

    def all_visible(_: Principal | None) -> Any:
        return select(*reader.LEDGER_COLUMNS, literal(Role.OWNER.value))

    monkeypatch.setattr(reader, "visible", all_visible)


def without_the_principal_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept answers are found by the document alone, and judged by versions that are read for nobody."""

    async def of_everybody(snapshot: Any, wanted: Any) -> Any:
        found = await snapshot.ledgers([ledger_id for _, ledger_id in wanted])
        return {
            (subject, ledger_id): replace(found[ledger_id], role=Role.OWNER)
            for subject, ledger_id in wanted
            if ledger_id in found
        }

    monkeypatch.setattr("graphql_api.cache.versions.read_seen", of_everybody)
    monkeypatch.setattr("graphql_api.http.operations.repr", lambda _: "anybody", raising=False)


@pytest.mark.parametrize("breaking", [without_the_join, without_the_principal_in_the_cache])
async def test_without_a_check_the_generator_finds_it(
    breaking: Breaking, prepared_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch)
    async for tenants in opened(await migrated(prepared_url, access_log=False)):
        assert await intrude(tenants, examples(40))


async def test_without_the_writers_check_a_stranger_writes(prepared_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.database.writer._role", lambda *_: Role.OWNER)
    without_the_join(monkeypatch)
    async for tenants in opened(await migrated(prepared_url, access_log=False)):
        before = await tenants.version()
        operations = Operations(GRAPHQL_SCHEMA, tenants.pool(), SEED + 2)
        for _ in range(examples(60)):
            await tenants.ask(EVE, operations.mutation())
        assert await tenants.version() > before
