"""Writing transactions: one row or a batch of them, by whichever door."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal

from graphql_api.categories.store import CATEGORY
from graphql_api.database.commands import one_row
from graphql_api.database.outcome import Outcome, Result
from graphql_api.database.rules import deleted, existing, purged, restored, updated
from graphql_api.database.tables import EXTERNAL_ID_LENGTH
from graphql_api.database.writer import Envelope, Lookup, Write
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import NAME_LENGTH
from graphql_api.ledgers.text import clean, name_key
from graphql_api.tags.store import TAG
from graphql_api.transactions.drafts import created, patched
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphql_api.database.book import Book
    from graphql_api.database.states import Where
    from graphql_api.transactions.model import Draft, Transaction

MOST_ROWS = 1000
"""Operations in one batch."""


@dataclass(frozen=True, slots=True)
class Create:
    """Make a transaction."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Update:
    """Change the fields that the patch sets, if the transaction is still at `if_version`."""

    id: int
    patch: Draft
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Mark as deleted."""

    id: int
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """Take the deletion mark away."""

    id: int
    if_version: int | None = None


@dataclass(frozen=True, slots=True)
class Purge:
    """Remove a deleted transaction for good, from the history too."""

    id: int
    if_version: int | None = None


Operation = Create | Update | Delete | Restore | Purge


def single(envelope: Envelope, operation: Operation) -> Write:
    """A write of one row, which raises what is wrong with it."""
    return one_row(envelope, lambda book: _apply(book, operation), *_lookups([operation]))


def check_rows(rows: int) -> None:
    """Refuse a batch of more than `MOST_ROWS`; a door asks before it reads the rows."""
    if rows > MOST_ROWS:
        message = f"A batch has at most {MOST_ROWS:,} operations: this one has {rows:,}."
        raise Refused.because(Code.TOO_LONG, message, "operations")


def batch(envelope: Envelope, operations: Sequence[Operation], *, atomic: bool) -> Write:
    """A write of up to `MOST_ROWS` rows with a result for each; if `atomic`, all of them or none."""
    check_rows(len(operations))

    async def run(book: Book) -> Outcome:
        results = [await _attempt(book, operation) for operation in operations]
        if atomic and any(result.problems for result in results):
            raise Refused(
                problem.under("operations", row) for row, result in enumerate(results) for problem in result.problems
            )
        return Outcome(book.ledger.version, book.changed, tuple(results))

    return Write(envelope, run, _lookups(operations), rows=len(operations))


def delete_all(envelope: Envelope, where: Where) -> Write:
    """A write that deletes all transactions that meet the conditions and are not deleted."""
    return _all(envelope, where, deleted=False)


def purge_all(envelope: Envelope, where: Where) -> Write:
    """A write that purges all deleted transactions that meet the conditions."""
    return _all(envelope, where, deleted=True)


def _all(envelope: Envelope, where: Where, *, deleted: bool) -> Write:
    async def run(book: Book) -> Outcome:
        table = TRANSACTION.table
        step = book.purge if deleted else book.delete
        async for page in book.scan(TRANSACTION, table.c.deleted == literal(deleted), *where(table)):
            for transaction in page:
                step(TRANSACTION, transaction)
            await book.flush()
        return Outcome(book.ledger.version, book.changed)

    return Write(envelope, run, alone=True)


async def _attempt(book: Book, operation: Operation) -> Result:
    mark = book.mark()
    try:
        return Result(await _apply(book, operation))
    except Refused as refusal:
        book.back_to(mark)
        return Result(None, refusal.problems)


async def _apply(book: Book, operation: Operation) -> Transaction:
    match operation:
        case Create(draft):
            transaction = await created(book, draft)
            await TRANSACTION.check(book, transaction)
            return book.create(TRANSACTION, transaction)
        case Update(entity_id, patch, if_version):
            before = await existing(book, TRANSACTION, entity_id, if_version)
            return await updated(book, TRANSACTION, before, await patched(book, before, patch))
        case Delete(entity_id, if_version):
            return await deleted(book, TRANSACTION, entity_id, if_version)
        case Restore(entity_id, if_version):
            return await restored(book, TRANSACTION, entity_id, if_version)
        case Purge(entity_id, if_version):
            return await purged(book, TRANSACTION, entity_id, if_version)


def _lookups(operations: Sequence[Operation]) -> tuple[Lookup, ...]:
    ids: list[int] = []
    drafts: list[Draft] = []
    for operation in operations:
        match operation:
            case Create(draft):
                drafts.append(draft)
            case Update(entity_id, patch, _):
                ids.append(entity_id)
                drafts.append(patch)
            case _:
                ids.append(operation.id)
    categories = [draft.category_id for draft in drafts if isinstance(draft.category_id, int)]
    external_ids = _acceptable((draft.external_id for draft in drafts), EXTERNAL_ID_LENGTH)
    tags = [name for draft in drafts if isinstance(draft.tags, (list, tuple)) for name in draft.tags]
    wanted: list[tuple[Any, str, list[Any]]] = [
        (TRANSACTION, "id", ids),
        (TRANSACTION, "external_id", external_ids),
        (CATEGORY, "id", categories),
        (TAG, "name_key", [name_key(name) for name in _acceptable(tags, NAME_LENGTH)]),
    ]
    return tuple(Lookup(kind, column, tuple(values)) for kind, column, values in wanted if values)


def _acceptable(values: Iterable[Any], longest: int) -> list[str]:
    """Those texts that may be looked up at all; the others are refused with their row."""
    found: list[str] = []
    for value in values:
        with contextlib.suppress(Refused):
            found.append(clean(value, longest=longest, required=True))
    return found
