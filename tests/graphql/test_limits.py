"""Every limit of an operation: kept at its edge, told with value, limit and setting beyond it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.graphql.conftest import migrated, serving

pytestmark = pytest.mark.anyio

SETTINGS = {
    "max_query_tokens": 400,
    "max_query_depth": 6,
    "max_query_aliases": 4,
    "max_query_root_fields": 3,
    "max_query_directives": 3,
    "max_query_fields": 100,
    "max_page_size": 60,
    "max_query_nodes": 3000,
    "max_query_cost": 3100,
}


@pytest.fixture(scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """An application on SQLite with small limits."""
    folder: Path = tmp_path_factory.mktemp("limits")
    async with serving(await migrated(f"sqlite+aiosqlite:///{folder}/ledger.sqlite3", **SETTINGS)) as client:
        yield client


async def ask(door: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    """The whole answer."""
    return (await door.post("/graphql", json={"query": query, "variables": variables})).json()


DEEP = "{ ledger { categories { nodes { children { nodes { name } } } } } }"
DEEPER = "{ ledger { categories { nodes { children { nodes { parent { id } } } } } } }"
SPREAD_DEEPER = "{ ledger { ...a } } fragment a on Ledger { categories { nodes { ...b } } } fragment b on Category { parent { parent { parent { name } } } }"
INCLUDE = "@include(if: true)"


@pytest.mark.parametrize(
    ("kept", "beyond", "limit", "value"),
    [
        (DEEP, DEEPER, "depth", 7),
        (DEEP, SPREAD_DEEPER, "depth", 7),
        ("{ a: __typename b: __typename ledger { c: id d: id } }", "{ a: __typename ledger { c: id d: id e: id f: id } }", "aliases", 5),
        ("{ ledger { id id id id id } }", "{ ledger { id id id id id id } }", "aliases", 5),
        ("{ ledger { id ...{ id } ...{ id } } }", "{ ledger { id ...{ id id } ...{ id id id } } }", "aliases", 5),
        ("{ ledger { ...f ...f } } fragment f on Ledger { a: id }", "{ ledger { ...f ...f ...f } } fragment f on Ledger { a: id }", "aliases", 5),
        ("{ __typename ledger { id } ledgers { totalCount } }", "{ ...q ledger { id } } fragment q on Query { ...{ x: __typename ledgers { totalCount } y: __typename } }", "rootFields", 4),
        (f"query {{ ledger {INCLUDE} {{ id {INCLUDE} name {INCLUDE} }} }}", f"{{ ledger {{ ...f {INCLUDE} }} }} fragment f on Ledger {{ id {INCLUDE} name {INCLUDE} version {INCLUDE} }}", "directives", 4),
        ("{ ledger { transactions(first: 60) { totalCount } } }", "{ ledger { transactions(first: 61) { totalCount } } }", "pageSize", 61),
        ("{ ledger { transactions(last: 60) { totalCount } } }", "{ ledger { transactions(last: 1000000) { totalCount } } }", "pageSize", 1_000_000),
        ("{ ledger { categories(first: 50) { nodes { children(first: 59) { nodes { version } } } } } }", "{ ledger { categories(first: 50) { nodes { children(first: 60) { pageInfo { hasNextPage } } } } } }", "nodes", 3050),
        ("{ ledger { categories(first: 50) { nodes { children(first: 59) { nodes { version } } } } } }", "{ ledger { categories(first: 50) { nodes { children(first: 59) { totalCount nodes { version } } } } } }", "cost", 3302),
    ],
)  # fmt: skip
async def test_a_limit_is_kept_at_its_edge(
    door: httpx.AsyncClient, kept: str, beyond: str, limit: str, value: int
) -> None:
    answer = await ask(door, kept)
    assert "errors" not in answer, answer
    (error,) = (await ask(door, beyond))["errors"]
    told = error["extensions"]
    assert (told["code"], told["limit"], told["value"]) == ("LIMIT_EXCEEDED", limit, value), error
    assert told["setting"].startswith("EXPENSE_MAX_")
    assert told["most"] == SETTINGS[told["setting"].removeprefix("EXPENSE_").lower()]
    assert told["setting"] in error["message"]
    assert f"{told['most']:,}" in error["message"]


async def test_tokens(door: httpx.AsyncClient) -> None:
    (error,) = (await ask(door, "{ ledger(id: [" + "1 " * 400 + "]) { id } }"))["errors"]
    assert error["extensions"] == {
        "code": "LIMIT_EXCEEDED", "limit": "tokens", "value": 401, "most": 400, "setting": "EXPENSE_MAX_QUERY_TOKENS",
    }  # fmt: skip


async def test_fields_that_fragments_multiply(door: httpx.AsyncClient) -> None:
    doubled = "".join(
        f"fragment f{n} on Category {{ ...{{ ...f{n + 1} }} ... on Category {{ ...f{n + 1} }} }} " for n in range(8)
    )
    query = "{ ledger { categories { nodes { ...f0 } } } } " + doubled + "fragment f8 on Category { id }"
    errors = (await ask(door, query))["errors"]
    assert ("fields", 2**8 + 3) in {(one["extensions"]["limit"], one["extensions"]["value"]) for one in errors}


async def test_variables_and_their_defaults_count_as_what_they_hold(door: httpx.AsyncClient) -> None:
    query = "query($n: Int = 61) { ledger { transactions(first: $n) { totalCount } } }"
    assert (await ask(door, query))["errors"][0]["extensions"]["value"] == 61
    assert (await ask(door, query, n=70))["errors"][0]["extensions"]["value"] == 70
    assert "errors" not in await ask(door, query, n=60)
    wrong = await ask(door, query, n="many")
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    skipped = "query($no: Boolean!) { ledger { id transactions(first: 61) @skip(if: $no) { totalCount } } }"
    assert "errors" not in await ask(door, skipped, no=True)
    assert "errors" in await ask(door, skipped, no=False)


async def test_a_cycle_of_fragments_is_told_as_one(door: httpx.AsyncClient) -> None:
    query = "{ ledger { categories { nodes { ...a } } } } fragment a on Category { parent { ...b } } fragment b on Category { parent { ...a } }"
    (error,) = (await ask(door, query))["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "itself" in error["message"]
