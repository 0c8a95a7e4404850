"""Transactions in the v1 dialect of REST: what is taken, what is answered, and what is done."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  pydantic reads the annotation
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy import select

from graphql_api.database.states import by_ids, live
from graphql_api.database.tables import DESCRIPTION_LENGTH, MERCHANT_LENGTH
from graphql_api.ledgers import calendar
from graphql_api.ledgers.ids import LARGEST
from graphql_api.transactions.filters import EVERYTHING
from graphql_api.transactions.model import Draft, Transaction
from graphql_api.transactions.service import Create, Delete, single
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Totals, count

if TYPE_CHECKING:
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.reader import Snapshot
    from graphql_api.transactions.access import Access

LARGEST_PAGE = 1000
"""Transactions in one answer."""

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
_DATE = rf"^{_DAY}([Tt ]{_TIME})?$"

ExactNumber = Annotated[Decimal, WithJsonSchema({"type": "number"})]


def _number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise PydanticCustomError("number_type", "The amount must be a JSON number such as 12.50")


class PageQuery(BaseModel):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    skip: int = Field(0, ge=0, le=LARGEST, description="How many transactions to leave out, newest first.")
    limit: int = Field(100, ge=1, le=LARGEST_PAGE, description="How many transactions to answer at most.")


class NewTransaction(BaseModel):
    """An expense, or with a negative amount a refund."""

    model_config = ConfigDict(extra="forbid", strict=True)

    amount: Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})] = Field(
        description="In major units, with no more decimals than the currency has, kept exactly.", examples=[12.5]
    )
    currency: str | None = Field(
        None,
        pattern="^[A-Z]{3}$",
        description="ISO 4217 code in current use; the ledger's own if left out.",
        examples=["USD"],
    )
    merchant: str | None = Field(None, max_length=MERCHANT_LENGTH, examples=["Corner shop"])
    description: str | None = Field(None, max_length=DESCRIPTION_LENGTH, examples=["Milk and bread"])
    date: str | None = Field(
        None,
        pattern=_DATE,
        description="The day in ISO 8601, from 1000-01-01; of a date with a time the day is kept, as it is written. "
        "Today in UTC if left out.",
        examples=["2026-02-28"],
    )


@dataclass(frozen=True, slots=True)
class TransactionView:
    """A transaction. The amount is exact: parse it as a decimal, not as a float."""

    id: int
    amount: ExactNumber
    currency: str
    merchant: str
    description: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class TransactionPage:
    """A part of the list, newest first, and how many transactions the ledger has in all."""

    transactions: list[TransactionView]
    total: int


@dataclass(frozen=True, slots=True)
class Written:
    """A transaction as a write left it; `replayed` if an earlier request with the same key did."""

    transaction: Transaction
    replayed: bool


def view(transaction: Transaction) -> TransactionView:
    """A transaction as this dialect shows it."""
    return TransactionView(
        id=transaction.id,
        amount=transaction.money.value,
        currency=transaction.currency,
        merchant=transaction.merchant,
        description=transaction.description,
        date=transaction.date,
    )


async def list_transactions(access: Access, query: PageQuery) -> TransactionPage:
    """A part of the list and the whole count, both of one version of the ledger."""
    async with access.database.snapshot() as snapshot:
        await snapshot.ledger(access.ledger_id)
        total = await count(snapshot, access.ledger_id, Totals(wanted=EVERYTHING))
        found = await _part(snapshot, access.ledger_id, query) if query.skip < total else []
    return TransactionPage([view(transaction) for transaction in found], total)


async def create_transaction(access: Access, new: NewTransaction) -> Written:
    """Keep a new transaction."""
    given = new.model_dump(exclude_unset=True)
    draft = Draft(
        amount=new.amount,
        currency=new.currency,
        merchant=new.merchant,
        description=new.description,
        date=_day(new.date),
    )
    outcome = await access.write(single(access.envelope("v1.createTransaction", given), Create(draft)))
    return Written(cast("Transaction", outcome.entity), replayed=outcome.replayed)


async def delete_transaction(access: Access, entity_id: int, if_version: int | None) -> Outcome:
    """Delete a transaction, if it is still at the version."""
    bounded = entity_id if 0 < entity_id <= LARGEST else 0
    envelope = access.envelope("v1.deleteTransaction", [entity_id, if_version])
    return await access.write(single(envelope, Delete(bounded, if_version)))


async def _part(snapshot: Snapshot, ledger_id: int, query: PageQuery) -> list[Transaction]:
    # the ids alone come from the index that has them in order, so that what is skipped is never read from the table
    columns = TRANSACTION.table.c
    statement = (
        select(columns.id)
        .where(columns.ledger_id == ledger_id, *live(TRANSACTION.table))
        .order_by(columns.date.desc(), columns.id.desc())
        .offset(query.skip)
        .limit(query.limit)
    )
    ids = [row.id for row in await snapshot.rows(ledger_id, statement)]
    found = await by_ids(snapshot, TRANSACTION, ledger_id, ids)
    return [found[entity_id] for entity_id in ids]


def _day(text: str | None) -> dt.date | str:
    if text is None:
        return calendar.moment(calendar.now()).date()
    day = re.match(_DAY, text)
    return day[0] if day is not None else text
