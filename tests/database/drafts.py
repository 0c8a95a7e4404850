"""Short ways to write transactions in tests."""

from typing import Any

from graphql_api.database.database import Database
from graphql_api.database.idempotency import idempotency_key
from graphql_api.database.states import by_ids
from graphql_api.database.writer import Envelope, Write
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.model import Draft, Transaction
from graphql_api.transactions.service import Create, single
from graphql_api.transactions.store import TRANSACTION

OWNER = Envelope("owner")


def draft(amount: Any = "1.00", *, day: Any = "2026-01-15", **fields: Any) -> Draft:
    """A draft of a transaction."""
    return Draft(amount=amount, date=day, **fields)


def create(amount: Any = "1.00", *, envelope: Envelope = OWNER, **fields: Any) -> Write:
    """A write that makes one transaction."""
    return single(envelope, Create(draft(amount, **fields)))


def keyed(key: str, request: Any, *, subject: str = "owner", dry_run: bool = False) -> Envelope:
    """An envelope with an idempotency key."""
    return Envelope(subject, idempotency_key(subject, key, "create", request), dry_run)


async def add(database: Database, ledger: Ledger, amount: Any = "1.00", **fields: Any) -> Transaction:
    """Make one transaction."""
    outcome = await database.write(ledger.id, create(amount, **fields))
    assert isinstance(outcome.entity, Transaction)
    return outcome.entity


async def fetch(database: Database, ledger: Ledger, transaction_id: int) -> Transaction:
    """The present state of one transaction."""
    async with database.snapshot() as snapshot:
        return (await by_ids(snapshot, TRANSACTION, ledger.id, [transaction_id]))[transaction_id]


async def present(database: Database, ledger: Ledger) -> Ledger:
    """The ledger's row as it is now."""
    async with database.snapshot() as snapshot:
        return await snapshot.ledger(ledger.id)
