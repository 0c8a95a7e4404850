"""What nested queries cost: one MGET and one statement for each kind and level, and none for what was read before."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from redis.asyncio import Redis

from graphql_api.cache import redis, shared
from graphql_api.cache.redis import open_redis
from tests.database.test_interrupt import until
from tests.graphql.api import Api
from tests.graphql.test_cached import applications

pytestmark = pytest.mark.anyio

CATEGORIES, TAGS = 24, 40
NESTED = """
query($ledger: ID!, $size: Int!) { ledger(id: $ledger) {
  transactions(first: $size, orderBy: [{by: CREATED}]) {
    nodes { number merchant category { name parent { name parent { name } } } tags { name } } } } }
"""


@pytest.fixture
async def replicas(prepared_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Api]]:
    """Two applications with one database and one Redis, and 1,000 transactions with categories and tags.

    Commands are counted here, and a busy machine may not turn one into a time-out that closes the way to Redis.
    """
    for module in (redis, shared):
        monkeypatch.setattr(module, "TIMEOUT", 20.0)
    async for apis in applications(prepared_url, *[{"redis_url": redis_url}] * 2):
        one = apis[0]
        top = await one.category("top")
        middle = await one.category("middle", top)
        leaves = [await one.category(f"leaf {number}", middle) for number in range(CATEGORIES)]
        rows = [
            {
                "create": {
                    "amount": {"value": number},
                    "date": "2026-03-04",
                    "merchant": f"m{number}",
                    "categoryId": leaves[number % CATEGORIES],
                    "tags": [f"tag {number % TAGS}", f"tag {(number + 7) % TAGS}"],
                }
            }
            for number in range(1000)
        ]
        given = {"ledgerId": one.ledger, "operations": rows}
        done = await one.mutate("writeTransactions", "WriteTransactionsInput", given, "ledgerVersion")
        assert done["userErrors"] == []
        yield apis


def selects() -> dict[str, float]:
    """How many statements have read each table."""
    return {
        sample.labels["table"]: sample.value
        for metric in REGISTRY.collect()
        if metric.name == "expense_database_statement_duration_seconds"
        for sample in metric.samples
        if sample.name.endswith("_count") and sample.labels["statement"] == "select" and sample.value
    }


async def commands(redis: Redis) -> dict[str, int]:
    """How often each command that reads or writes was sent to Redis."""
    stats = await redis.info("commandstats")
    return {name: stats[f"cmdstat_{name}"]["calls"] for name in ("mget", "get", "set") if f"cmdstat_{name}" in stats}


class Cost:
    """What an answer took: statements by table, commands by name."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def of(self, api: Api, query: str, **variables: Any) -> tuple[dict[str, Any], dict[str, float], int]:
        """The data, the statements that read each table, and the MGETs."""
        await self._settled()
        before, asked = selects(), (await commands(self._redis)).get("mget", 0)
        data = await api.data(query, **variables)
        after = selects()
        read = {table: count - before.get(table, 0) for table, count in after.items() if count != before.get(table, 0)}
        return data, read, (await commands(self._redis)).get("mget", 0) - asked

    async def _settled(self) -> None:
        """Wait until nothing is sent to Redis any more."""
        last = -1

        async def quiet() -> bool:
            nonlocal last
            found = await self._redis.dbsize()
            same, last = found == last, found
            await asyncio.sleep(0.05)
            return same

        await until(quiet)


async def test_a_thousand_nodes_take_one_statement_and_one_command_a_kind_and_level(
    replicas: list[Api], redis_url: str
) -> None:
    one, other = replicas
    async with open_redis(SecretStr(redis_url)) as redis:
        assert redis is not None
        cost = Cost(redis)
        first, read, asked = await cost.of(one, NESTED, size=1000)
        nodes = first["ledger"]["transactions"]["nodes"]
        assert len(nodes) == 1000
        assert nodes[30]["category"] == {
            "name": f"leaf {30 % CATEGORIES}",
            "parent": {"name": "middle", "parent": {"name": "top"}},
        }
        assert [tag["name"] for tag in nodes[39]["tags"]] == ["tag 39", "tag 6"]
        assert read == {"ledgers": 2, "transactions": 1, "categories": 3, "tags": 1}
        assert asked <= 5, "the answer, and each kind and level: categories, their parents, theirs, tags"

        again, read, asked = await cost.of(one, NESTED, size=999)
        assert again["ledger"]["transactions"]["nodes"] == nodes[:999]
        assert read == {"ledgers": 2, "transactions": 1}, "what it has in memory it does not read"
        assert asked == 1, "for the answer"

        _, read, asked = await cost.of(other, NESTED, size=998)
        assert read == {"ledgers": 2, "transactions": 1}, "the other replica finds it in Redis"
        assert asked <= 5


async def test_a_write_to_a_kind_leaves_the_others(replicas: list[Api], redis_url: str) -> None:
    one, other = replicas
    async with open_redis(SecretStr(redis_url)) as redis:
        assert redis is not None
        cost = Cost(redis)
        await cost.of(one, NESTED, size=1000)
        await other.created()
        _, read, _ = await cost.of(one, NESTED, size=1000)
        assert read == {"ledgers": 2, "transactions": 1}
        await other.mutate("createTag", "CreateTagInput", {"name": "new", "ledgerId": other.ledger}, "tag { id }")
        _, read, _ = await cost.of(one, NESTED, size=1000)
        assert read == {"ledgers": 2, "transactions": 1, "tags": 1}


async def test_what_was_renamed_is_never_shown_as_it_was(replicas: list[Api]) -> None:
    one, other = replicas
    query = "query($ledger: ID!, $n: Int!) { ledger(id: $ledger) { transaction(number: $n) { category { id name } } } }"
    for number in range(1, 20):
        category = (await one.data(query, n=3))["ledger"]["transaction"]["category"]
        name = f"name {number}"
        given = {"id": category["id"], "name": name}
        assert (await other.mutate("updateCategory", "UpdateCategoryInput", given, "category { name }"))[
            "category"
        ] == {"name": name}
        found = await asyncio.gather(*(api.data(query, n=3) for api in (one, other, one, other)))
        assert {data["ledger"]["transaction"]["category"]["name"] for data in found} == {name}


async def test_nodes_of_every_kind_come_from_the_cache(replicas: list[Api], redis_url: str) -> None:
    one, other = replicas
    listed = await one.data(
        "query($ledger: ID!) { ledger(id: $ledger) { transactions(first: 3) { nodes { id } } "
        "categories(first: 3) { nodes { id } } tags(first: 3) { nodes { id } } } }"
    )
    ids = [node["id"] for page in listed["ledger"].values() for node in page["nodes"]]
    given = {"month": "2026-03", "amount": {"value": 5}, "ledgerId": one.ledger}
    budget = await one.mutate("setBudget", "SetBudgetInput", given, "budget { id }")
    ids.append(budget["budget"]["id"])
    query = (
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Entity { version createdAt updatedAt deleted } "
        "... on Transaction { date amount { value currency } merchant externalId } ... on Category { name } "
        "... on Tag { name } ... on Budget { month amount { value } } } }"
    )
    async with open_redis(SecretStr(redis_url)) as redis:
        assert redis is not None
        cost = Cost(redis)
        first, read, _ = await cost.of(one, query, ids=ids)
        assert {table for table in read if not re.match("ledgers", table)} == {
            "transactions",
            "categories",
            "tags",
            "budgets",
        }
        for api in (one, other):
            found, read, _ = await cost.of(api, query + " # again", ids=ids)
            assert found == first
            assert set(read) == {"ledgers"}, read
