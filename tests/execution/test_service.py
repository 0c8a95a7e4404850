"""Generated queries over the service's own schema, on a real database."""

from __future__ import annotations

import asyncio
import json
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.graph.context import Context
from graphql_api.http.schema import GRAPHQL_SCHEMA, NODES
from graphql_api.ledgers.principal import LOCAL
from graphql_api.stores import open_database
from tests.execution.compared import by_core, compiled, told
from tests.execution.generated import valid_document
from tests.graphql.conftest import migrated
from tests.servers.variants import Variant, fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql_api.database.database import Database
    from graphql_api.settings import Settings

EACH = 8
CREATE = """mutation($input: CreateTransactionInput!) {
  createTransaction(input: $input) { transaction { id category { id } } userErrors { code } } }"""
LEDGER = 'mutation { createLedger(input: {name: "Test", currency: "USD"}) { ledger { id } userErrors { code } } }'
CATEGORY = 'mutation($ledger: ID) { createCategory(input: {name: "Food", ledgerId: $ledger}) { category { id } userErrors { code } } }'


@pytest.fixture(scope="module")
def ledger() -> Iterator[tuple[Settings, list[str]]]:
    """A database with some transactions, and the ids of what is there."""
    with fresh_database(Variant(id="sqlite", driver="sqlite+aiosqlite", server=None)) as url:
        settings = asyncio.run(migrated(url))
        yield settings, asyncio.run(_filled(settings))


async def _ours(database: Database, text: str, variables: dict[str, Any]) -> str:
    context = Context(database, LOCAL, NODES)
    try:
        result = await compiled(GRAPHQL_SCHEMA, text).execute(context, variables)
    finally:
        await context.close()
    assert result is not None
    return told(result)


async def _core(database: Database, text: str, variables: dict[str, Any]) -> str:
    context = Context(database, LOCAL, NODES)
    try:
        return await by_core(GRAPHQL_SCHEMA, text, variables, context)
    finally:
        await context.close()


async def _filled(settings: Settings) -> list[str]:
    """Write by compiled mutations; the ids of what is there."""
    database = open_database(settings)
    try:
        return await _written(database)
    finally:
        await database.close()


async def _written(database: Database) -> list[str]:
    ledger = json.loads(await _ours(database, LEDGER, {}))["data"]["createLedger"]["ledger"]["id"]
    food = json.loads(await _ours(database, CATEGORY, {"ledger": ledger}))["data"]["createCategory"]["category"]["id"]
    found = [food, ledger, ledger]
    for number in range(5):
        given: dict[str, Any] = {
            "amount": {"value": f"{number}.50"},
            "date": f"2026-02-0{number + 1}",
            "merchant": f"Shop {number}",
        }
        given |= {"ledgerId": ledger, "categoryId": food if number % 2 else None}
        made = json.loads(await _ours(database, CREATE, {"input": given}))
        assert made["data"]["createTransaction"]["userErrors"] == [], made
        found.append(made["data"]["createTransaction"]["transaction"]["id"])
    return found


@given(st.integers(0, 2**32))
def test_answers_are_those_of_graphql_core(ledger: tuple[Settings, list[str]], seed: int) -> None:
    """Data, errors and paths; whatever a query asks for."""
    settings, ids = ledger

    async def compare() -> int:
        database = open_database(settings)
        try:
            return sum([await _compare(database, ids, random.Random(f"{seed} {one}")) for one in range(EACH)])  # noqa: S311
        finally:
            await database.close()

    assert asyncio.run(compare()) > 0


async def _compare(database: Database, ids: list[str], source: random.Random) -> int:
    literals = {
        "ID": [f'"{one}"' for one in ids] + ['"no id"'],
        "String": ['"Shop"', '""', "null"],
        "Int": ["1", "2", "-1"],
        "Float": ["1.5"],
        "Boolean": ["true", "false"],
        "Date": ['"2026-02-03"', '"2026-02-30"'],
        "DateTime": ['"2036-02-03T00:00:00Z"'],
        "Decimal": ['"1.50"', "2"],
        "Month": ['"2026-02"'],
        "BigInt": ["1", '"2"'],
    }
    found = valid_document(GRAPHQL_SCHEMA, source, literals)
    if found is None:
        return 0
    expected = await _core(database, found.text, found.variables)
    assert _timeless(await _ours(database, found.text, found.variables)) == _timeless(expected), found
    return 1


def _timeless(answer: str) -> str:
    """An answer without the instant that it was made at."""
    return re.sub(r"\d\d:\d\d:\d\d\.\d+", "now", answer)
