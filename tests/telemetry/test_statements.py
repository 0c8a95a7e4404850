"""Metrics of the database, on every engine."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from graphql_api.database.database import Database
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.errors import Refused
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from graphql_api.transactions.model import Draft
from graphql_api.transactions.service import Create, Delete, batch, single

pytestmark = pytest.mark.anyio

DURATION = "expense_database_statement_duration_seconds_count"
IN_USE = "expense_database_connections_in_use"
TRANSACTIONS = "expense_transactions_total"
AMOUNT = "expense_transaction_amount_total"


@pytest.fixture
async def database(prepared_url: str) -> AsyncIterator[Database]:
    found = open_database(Settings(database_url=SecretStr(prepared_url)))
    await ensure_default_ledger(found.engines.write, "test", "USD")
    yield found
    await found.close()


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def create(amount: str, currency: str) -> Create:
    return Create(Draft(amount=amount, currency=currency, date="2026-01-02"))


async def test_statements_are_counted_by_kind_and_table_and_the_commit_by_itself(database: Database) -> None:
    kinds = [("insert", "transactions"), ("insert", "changes"), ("update", "ledgers"), ("commit", "")]
    before = [value(DURATION, statement=kind, table=table) for kind, table in kinds]
    selects = value(DURATION, statement="select", table="ledgers")
    await database.write(1, single(Envelope("test"), create("1", "USD")))
    after = [value(DURATION, statement=kind, table=table) for kind, table in kinds]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1, 1]
    assert value(DURATION, statement="select", table="ledgers") > selects


async def test_connections_in_use_are_those_that_are_taken(database: Database) -> None:
    assert value(IN_USE, pool="read") == 0
    async with database.snapshot() as one, database.snapshot() as other:
        await one.ledger(1)
        await other.ledger(1)
        assert value(IN_USE, pool="read") == 2
    assert value(IN_USE, pool="read") == 0
    assert value("expense_database_connections_limit", pool="read") == 10


async def test_transactions_and_amounts_are_counted_by_currency_once_they_stand(database: Database) -> None:
    def counts() -> list[float]:
        return [
            value(TRANSACTIONS, currency="CHF", operation="create"),
            value(TRANSACTIONS, currency="CHF", operation="delete"),
            value(TRANSACTIONS, currency="JPY", operation="create"),
            value(AMOUNT, currency="CHF", direction="spent"),
            value(AMOUNT, currency="CHF", direction="refunded"),
            value(AMOUNT, currency="JPY", direction="spent"),
        ]

    before = counts()
    rows = [create("12.50", "CHF"), create("-2.25", "CHF"), create("700", "JPY")]
    outcome = await database.write(1, batch(Envelope("test"), rows, atomic=True))
    first = outcome.results[0].entity
    assert first is not None
    await database.write(1, single(Envelope("test"), Delete(first.id)))
    expected = [2, 1, 1, 12.5, 2.25, 700]
    assert [new - old for new, old in zip(counts(), before, strict=True)] == expected
    await database.write(1, single(Envelope("test", dry_run=True), create("5", "CHF")))
    with pytest.raises(Refused):
        await database.write(1, batch(Envelope("test"), [create("5", "CHF"), create("x", "CHF")], atomic=True))
    assert [new - old for new, old in zip(counts(), before, strict=True)] == expected
