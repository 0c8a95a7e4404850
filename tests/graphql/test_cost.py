"""What operations cost: as asked for, as answered, and against a budget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType, get_named_type, is_composite_type

from graphql_api.execution.weights import is_list
from graphql_api.http.costs import WEIGHTS
from graphql_api.http.schema import GRAPHQL_SCHEMA
from tests.graphql.api import Api
from tests.graphql.conftest import migrated, serving

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """An application on SQLite with three transactions of two tags each, one of them in a category."""
    folder: Path = tmp_path_factory.mktemp("cost")
    async with serving(await migrated(f"sqlite+aiosqlite:///{folder}/ledger.sqlite3")) as client:
        api = Api(client)
        api.ledger = (await api.data("{ ledger { id } }"))["ledger"]["id"]
        category = await api.category("Food")
        for number in range(3):
            await api.created(tags=["a", "b"], categoryId=category if number == 0 else None)
        yield client


async def cost(door: httpx.AsyncClient, query: str, **variables: Any) -> tuple[int, int]:
    """Requested and actual."""
    answer = (await door.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer
    told = answer["extensions"]["cost"]
    return told["requested"], told["actual"]


@pytest.mark.parametrize(
    ("fields", "requested", "actual"),
    [
        ("id name version versions { tags }", 0, 0),
        ("transactions { totalCount }", 1 + 5, 1 + 5),
        ("transactions(first: 10) { nodes { id amount { value } } }", 1 + 10, 1 + 3),
        ("transactions(first: 10) { edges { cursor node { merchant } } pageInfo { hasNextPage } }", 1 + 10, 1 + 3),
        ("transactions(last: 2) { nodes { tags { name } } }", 1 + 2 + 2 * 5, 1 + 2 + 2 * 2),
        ("transactions { nodes { category { name } } }", 1 + 50 + 50, 1 + 3 + 1 * 1 + 2 * 1),
        ("transactions(first: 4) { nodes { history(first: 3) { nodes { version } } } }", 1 + 4 + 4 + 12, 1 + 3 + 3 + 3),
        ("totals { count } t: totals(groupBy: [DATE]) { amount { value } }", 50 + 50, 1 + 1),
        ("...f } } fragment f on Ledger { transactions(first: 2) { nodes { id } } tags(first: 2) { nodes { id } }  ... { id", 6, 6),
        ("transactions(first: 2) { nodes { id } } ... { transactions(first: 2) { nodes { tags { id } } } }", 1 + 2 + 10, 1 + 2 + 4),
    ],
)  # fmt: skip
async def test_a_query(door: httpx.AsyncClient, fields: str, requested: int, actual: int) -> None:
    assert await cost(door, f"{{ ledger {{ {fields} }} }}") == (requested + 1, actual + 1)


async def test_sizes_come_from_variables_lists_and_conditions(door: httpx.AsyncClient) -> None:
    query = "query($n: Int = 7, $no: Boolean = false) { ledger { transactions(first: $n) { nodes { id } } tags @skip(if: $no) { totalCount } } }"
    assert await cost(door, query) == (1 + 1 + 7 + 6, 1 + 1 + 3 + 6)
    assert await cost(door, query, n=2, no=True) == (1 + 1 + 2, 1 + 1 + 2)
    found = (await door.post("/graphql", json={"query": "{ ledger { transactions { nodes { id } } } }"})).json()
    ids = [node["id"] for node in found["data"]["ledger"]["transactions"]["nodes"]]
    many = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Transaction { category { id } } ... on Tag { history { totalCount } } } }"
    assert await cost(door, many, ids=ids) == (3 + 3 + 3 * (1 + 5), 3 + 3)


async def test_writes(door: httpx.AsyncClient) -> None:
    one = 'mutation { createTag(input: {name: "x"}) { tag { id } userErrors { code } } }'
    assert await cost(door, one) == (10 + 1, 10 + 1)
    many = "mutation($rows: [TransactionOperation!]!) { writeTransactions(input: {operations: $rows}) { results { transaction { id } } } }"
    rows = [{"create": {"amount": {"value": "1"}, "date": "2026-01-01"}}] * 4
    assert await cost(door, many, rows=rows) == (100 + 4 + 4, 100 + 4 + 4)


def test_the_table_is_of_this_schema() -> None:
    types = GRAPHQL_SCHEMA.type_map
    assert set(WEIGHTS.types) <= set(types)
    for coordinate in [*WEIGHTS.fields, *WEIGHTS.sizes]:
        name, _, field = coordinate.partition(".")
        kind = types[name]
        assert isinstance(kind, GraphQLObjectType)
        assert field in kind.fields, coordinate
    for coordinate, size in WEIGHTS.sizes.items():
        name, _, field = coordinate.partition(".")
        kind = types[name]
        assert isinstance(kind, GraphQLObjectType)
        definition = kind.fields[field]
        assert {argument.partition(".")[0] for argument in size.arguments} <= set(definition.args)
        inner = get_named_type(definition.type)
        assert set(size.below) <= set(getattr(inner, "fields", {}))


def test_every_list_of_objects_has_a_size() -> None:
    unknown = {
        f"{kind.name}.{name}"
        for kind in GRAPHQL_SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, definition in kind.fields.items()
        if is_list(definition.type) and is_composite_type(get_named_type(definition.type))
        if not (kind.name.endswith("Connection") and name in WEIGHTS.page.below)
        if f"{kind.name}.{name}" not in WEIGHTS.sizes
        if get_named_type(definition.type).name not in WEIGHTS.types
    }
    assert unknown == {"WriteTransactionsPayload.results"}, "its size is that of the operations"


async def test_a_budget_refuses_and_tells(tmp_path: Path) -> None:
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3", cost_rate=1, cost_capacity=2000)
    query = "query($n: Int) { ledger { transactions(first: $n) { nodes { id } } } }"
    async with serving(settings) as client:
        answer = await client.post("/graphql", json={"query": query, "variables": {"n": 900}})
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"cost";q=2000;w=2000'
        # what was taken for rows that are not there is given back
        assert answer.headers["ratelimit"].startswith('"cost";r=199')
        taken = [await client.delete("/api/v1/transactions/1") for _ in range(20)]
        assert {one.status_code for one in taken} == {404}
        assert (await client.get("/transaction")).status_code == 200
        refused = await client.post("/graphql", json={"query": query, "variables": {"n": 900}})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 902
        (error,) = refused.json()["errors"]
        assert error["extensions"]["code"] == "OVER_BUDGET"
        assert error["extensions"]["retryAfter"] == int(refused.headers["retry-after"])
        assert error["extensions"]["cost"]["requested"] == 902
        assert "EXPENSE_COST_RATE" in error["message"]
        for path in ("/transaction", "/api/transaction"):
            rest = await client.get(path)
            assert (rest.status_code, list(rest.json())) == (429, ["message", "error"])
            assert int(rest.headers["retry-after"]) >= 1
        assert (await client.get("/api/v1/health")).status_code == 200
        assert (await client.get("/livez")).status_code == 200


async def test_without_a_rate_nothing_is_refused(door: httpx.AsyncClient) -> None:
    answer = await door.post("/graphql", json={"query": "{ ledger { id } }"})
    assert "ratelimit" not in answer.headers
