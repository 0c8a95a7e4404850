"""Transactions in the dialect of the three-tier workshop: what is taken, what is answered, and what is done."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from graphql_api.database.states import Range, SortKey, everything, live, page
from graphql_api.database.tables import DESCRIPTION_LENGTH
from graphql_api.ledgers import calendar
from graphql_api.ledgers.ids import LARGEST
from graphql_api.transactions.model import Draft, Transaction
from graphql_api.transactions.rest import ExactNumber  # noqa: TC001  pydantic reads the annotation
from graphql_api.transactions.service import Create, Delete, delete_all, single
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graphql_api.database.outcome import Outcome
    from graphql_api.transactions.access import Access

PAGE = 1000
"""Transactions that are in memory at once while all are listed."""

_NUMERIC = r"^\s*[+-]?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})\s*$"
_INTEGER = r"-?[0-9]{1,40}"


def _amount(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(_NUMERIC[1:-1], value):
        return Decimal(value.strip())
    raise PydanticCustomError("number_type", "The amount must be a number, or text that is one, such as 12.50")


def _id(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(_INTEGER, value):
        return int(value)
    raise PydanticCustomError("int_type", "The id must be a whole number")


class NewEntry(BaseModel):
    """An expense in the ledger's currency, of today in UTC."""

    model_config = ConfigDict(extra="ignore", strict=True)

    amount: Annotated[
        Decimal,
        BeforeValidator(_amount),
        WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMERIC}]}),
    ] = Field(description="A number, or text that is one.", examples=["12.50"])
    desc: str | None = Field(None, max_length=DESCRIPTION_LENGTH, examples=["groceries"])


class EntryId(BaseModel):
    """Which transaction."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[int, BeforeValidator(_id), WithJsonSchema({"type": "integer"})] = Field(
        description="The transaction's number.", examples=[1]
    )


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """A transaction in the list."""

    id: int
    amount: ExactNumber
    description: str


@dataclass(frozen=True, slots=True)
class EntryList:
    """All transactions of the ledger, in the order they were added."""

    result: list[ListedEntry]


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction."""

    id: int
    amount: ExactNumber
    desc: str


@dataclass(frozen=True, slots=True)
class Message:
    """What was done."""

    message: str


def listed(transaction: Transaction) -> ListedEntry:
    """A transaction as the list shows it."""
    return ListedEntry(transaction.id, transaction.money.value, transaction.description)


async def read_entry(access: Access, entity_id: int) -> Entry:
    """One transaction."""
    found = await access.transaction(entity_id)
    return Entry(found.id, found.money.value, found.description)


async def all_entries(access: Access) -> AsyncGenerator[list[Transaction]]:
    """All transactions of one version of the ledger, in pages.

    No database transaction lasts from one page to the next: a client may take its time. Pages after the first are read
    as they were at the version of the first.
    """
    keys = [SortKey("id")]
    version: int | None = None
    after: tuple[int] | None = None
    while True:
        async with access.database.snapshot() as snapshot:
            present = (await snapshot.ledger(access.ledger_id)).kinds[TRANSACTION.plural]
            version = present if version is None else version
            as_of = None if present == version else version
            found = await page(snapshot, TRANSACTION, access.ledger_id, as_of, live, keys, Range(PAGE, after))
        yield found
        if len(found) < PAGE:
            return
        after = (found[-1].id,)


async def add_entry(access: Access, new: NewEntry) -> Outcome:
    """Keep a new transaction in the ledger's currency."""
    today = calendar.moment(calendar.now()).date()
    draft = Draft(amount=new.amount, description=new.desc, date=today)
    envelope = access.envelope("workshop.addTransaction", [str(new.amount), new.desc])
    return await access.write(single(envelope, Create(draft)))


async def delete_entry(access: Access, entity_id: int) -> Outcome:
    """Delete one transaction."""
    bounded = entity_id if 0 < entity_id <= LARGEST else 0
    envelope = access.envelope("workshop.deleteTransaction", entity_id)
    return await access.write(single(envelope, Delete(bounded)))


async def delete_all_entries(access: Access) -> Outcome:
    """Delete all transactions of the ledger."""
    return await access.write(delete_all(access.envelope("workshop.deleteAllTransactions", None), everything))
