"""Where transactions are kept: the kind, the rules with other entities, and what is computed from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects import sqlite

from graphql_api.categories.store import live_category
from graphql_api.database import tables
from graphql_api.database.kinds import Kind
from graphql_api.database.rows import add_rows
from graphql_api.ledgers.calendar import month_of
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.text import name_key, search_key
from graphql_api.tags.store import TAG
from graphql_api.transactions.model import Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql import Executable

    from graphql_api.database.book import Book

Pairs = Sequence[tuple[Transaction | None, Transaction | None]]

_AT_ONCE = 500

_sums, _tags = tables.transaction_sums, tables.transaction_tags


def _keys(transaction: Transaction) -> dict[str, Any]:
    return {
        "merchant_key": name_key(transaction.merchant),
        "search_key": search_key(f"{transaction.merchant} {transaction.description}"),
    }


async def _check(book: Book, transaction: Transaction, before: Transaction | None = None) -> None:
    # only what is new is looked up: a batch of many changes would read a row for each
    if transaction.external_id not in (None, before and before.external_id):
        await _check_external_id(book, transaction)
    added = set(transaction.tag_ids) - set(before.tag_ids if before is not None else ())
    if added and len(await book.get(TAG, added)) < len(added):  # undoing may bring one back that was purged
        raise Refused.because(Code.NOT_FOUND, "One of the tags is not in this ledger any more.", "tags")
    if not transaction.deleted and transaction.category_id is not None:
        await live_category(book, transaction.category_id, "categoryId")


async def _check_external_id(book: Book, transaction: Transaction) -> None:
    found = await book.find(TRANSACTION, "external_id", [transaction.external_id])
    others = [other for other in found[transaction.external_id] if other.id != transaction.id]
    if others:
        state = "a deleted transaction" if others[0].deleted else "a transaction"
        message = f"There is {state} with this external id already: number {others[0].id}."
        raise Refused.because(Code.ALREADY_EXISTS, message, "externalId")


async def _project(connection: AsyncConnection, ledger_id: int, pairs: Pairs) -> None:
    await _project_tags(connection, ledger_id, pairs)
    await _project_sums(connection, ledger_id, pairs)


async def _project_tags(connection: AsyncConnection, ledger_id: int, pairs: Pairs) -> None:
    gone: list[tuple[int, int]] = []
    come: list[dict[str, int]] = []
    for before, after in pairs:
        old = set(before.tag_ids) if before is not None else set()
        new = set(after.tag_ids) if after is not None else set()
        some = after or before
        if some is not None:
            gone.extend((tag_id, some.id) for tag_id in old - new)
            come.extend({"ledger_id": ledger_id, "tag_id": tag_id, "transaction_id": some.id} for tag_id in new - old)
    for start in range(0, len(gone), _AT_ONCE):
        pairs_gone = gone[start : start + _AT_ONCE]
        pair = tuple_(_tags.c.tag_id, _tags.c.transaction_id)
        await connection.execute(delete(_tags).where(_tags.c.ledger_id == ledger_id, pair.in_(pairs_gone)))
    if come:
        await add_rows(connection, _tags, come)


async def _project_sums(connection: AsyncConnection, ledger_id: int, pairs: Pairs) -> None:
    counts: dict[tuple[str, int, int], int] = defaultdict(int)
    amounts: dict[tuple[str, int, int], int] = defaultdict(int)
    for before, after in pairs:
        for transaction, sign in ((before, -1), (after, 1)):
            if transaction is not None and not transaction.deleted:
                key = (transaction.currency, month_of(transaction.date), transaction.category_id or 0)
                counts[key] += sign
                amounts[key] += sign * transaction.amount_minor
    # in one order everywhere, so that two ledgers' writers cannot wait for one another
    rows = [
        {
            "ledger_id": ledger_id,
            "currency": key[0],
            "month": key[1],
            "category_id": key[2],
            "transactions": counts[key],
            "amount_minor": amounts[key],
        }
        for key in sorted(counts)
        if counts[key] or amounts[key]
    ]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        await connection.execute(_add_sqlite(), rows)
        return
    mariadb = connection.dialect.name == "mariadb" or getattr(connection.dialect, "is_mariadb", False)
    await add_rows(connection, _sums, rows, _ADD_MARIADB if mariadb else _ADD_MYSQL)


def _adding(new: str) -> str:
    return ", ".join(f"{name} = {_sums.name}.{name} + {new.format(name)}" for name in ("transactions", "amount_minor"))


_ADD_MYSQL = f" AS new ON DUPLICATE KEY UPDATE {_adding('new.{}')}"
_ADD_MARIADB = f" ON DUPLICATE KEY UPDATE {_adding('VALUES({})')}"


@cache
def _add_sqlite() -> Executable:
    statement = sqlite.insert(_sums)
    return statement.on_conflict_do_update(
        index_elements=list(_sums.primary_key),
        set_={
            "transactions": _sums.c.transactions + statement.excluded.transactions,
            "amount_minor": _sums.c.amount_minor + statement.excluded.amount_minor,
        },
    )


TRANSACTION = Kind(
    name="transaction",
    entity=Transaction,
    table=tables.transactions,
    archive=tables.transactions_archive,
    derive=_keys,
    decode={"date": date.fromisoformat, "tag_ids": tuple},
    check=_check,
    project=_project,
)
