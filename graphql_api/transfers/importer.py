"""The import as one write: one version of the ledger, all or nothing, in memory that does not grow with the file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphql_api.budgets.service import set_budget
from graphql_api.database.outcome import Outcome
from graphql_api.database.tables import EXTERNAL_ID_LENGTH
from graphql_api.database.writer import Envelope, Write
from graphql_api.ledgers.errors import Code, Problem, Refused
from graphql_api.ledgers.text import clean, name_key
from graphql_api.tags.store import TAG, clean_name, tags_named
from graphql_api.transactions.drafts import created, patched
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transfers.keys import Seen, fingerprint_key, origin
from graphql_api.transfers.places import Places
from graphql_api.transfers.report import Difference, Report
from graphql_api.transfers.rows import (
    BadRow,
    BudgetRow,
    CategoryRow,
    RowProblem,
    SkippedRow,
    TagRow,
    TransactionRow,
    row_problem,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql_api.database.book import Book
    from graphql_api.transactions.model import Draft, Transaction
    from graphql_api.transfers.rows import Row, Source

ROWS_AT_ONCE = 1000
"""Rows that are judged together and sent together."""

_COMPARED = ("date", "amount_minor", "currency", "merchant", "description", "category_id", "tag_ids")


def _no_progress(_: int) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How an import deals with rows that are wrong (`skip_bad`: without them) and those that changed (`update`)."""

    skip_bad: bool = False
    update: bool = False


class Importer:
    """One import of one source. `report` tells what it came to, also when it was refused."""

    def __init__(
        self,
        source: Source,
        envelope: Envelope,
        options: Options | None = None,
        progress: Callable[[int], None] = _no_progress,
    ) -> None:
        """Take the source, and whom to tell how many of its bytes are read."""
        self._source = source
        self._envelope = envelope
        self._options = options or Options()
        self._progress = progress
        self._stopped = False
        self.report = Report()

    def write(self) -> Write:
        """The write that does it. Refused when a row is wrong, unless bad rows are left out."""
        return Write(self._envelope, self._run, alone=True)

    def stop(self) -> None:
        """Refuse the write, at its next rows, if it is not done yet."""
        self._stopped = True

    async def _run(self, book: Book) -> Outcome:
        self.report = Report(updated=self._options.update, dry_run=self._envelope.dry_run)
        before = book.mark().last_ids
        with Seen() as seen:
            judge = _Judge(book, self._envelope, self._options, self.report, seen)
            for rows in _chunks(self._source.rows(self._progress)):
                if self._stopped:
                    raise Refused.because(Code.INVALID, "The import was interrupted; nothing was changed.")
                await judge.take(rows)
                await book.flush()
        after = book.mark().last_ids
        self.report.categories = after["categories"] - before["categories"]
        self.report.tags = after["tags"] - before["tags"]
        self.report.version = book.ledger.version
        if self.report.refused and not self._options.skip_bad:
            raise Refused(_problem(problem) for problem in self.report.problems)
        return Outcome(book.ledger.version, book.changed)


class _Judge:
    def __init__(self, book: Book, envelope: Envelope, options: Options, report: Report, seen: Seen) -> None:
        self._book = book
        self._envelope = envelope
        self._options = options
        self._report = report
        self._seen = seen
        self._places = Places(envelope)
        self._origin = origin(book.ledger)

    async def take(self, rows: list[Row]) -> None:
        """Judge some rows, in their order."""
        keyed = [(row, self._keyed(row) if isinstance(row, TransactionRow) else "") for row in rows]
        await self._look_up(
            [(row, key) for row, key in keyed if isinstance(row, TransactionRow) and isinstance(key, str)]
        )
        for row, key in keyed:
            match row:
                case SkippedRow():
                    self._report.skipped += 1
                case BadRow(problems):
                    self._report.refuse(problems)
                case TransactionRow():
                    await self._attempt(row, key)
                case CategoryRow() | TagRow() | BudgetRow():
                    await self._attempt_other(row)

    def _keyed(self, row: TransactionRow) -> str | Refused:
        """What the row is recognised by, or why it cannot be."""
        if row.key is None:
            return fingerprint_key(row.content, self._seen.occurrence(row.content))
        try:
            key = clean(row.key, "externalId", longest=EXTERNAL_ID_LENGTH, required=True)
        except Refused as refusal:
            return refusal
        line = self._seen.line_of(key, row.line)
        if line is None:
            return key
        message = f"Line {line} has this key already: a key names one row. Add a column to it, or mend the file."
        return Refused.because(Code.ALREADY_EXISTS, message, "externalId")

    async def _look_up(self, keyed: list[tuple[TransactionRow, str]]) -> None:
        book = self._book
        await book.find(TRANSACTION, "external_id", [key for _, key in keyed])
        await book.get(TRANSACTION, [number for row, _ in keyed if (number := self._own_number(row)) is not None])
        await self._places.prepare(book, [row.category for row, _ in keyed if row.category])
        names: dict[str, None] = {}
        for row, _ in keyed:
            for tag in row.draft.tags if isinstance(row.draft.tags, tuple) else ():
                with suppress(Refused):  # it is refused with its row
                    names[name_key(clean_name(tag, "tags"))] = None
        await book.find(TAG, "name_key", names)

    async def _attempt(self, row: TransactionRow, key: str | Refused) -> None:
        mark = self._book.mark()
        try:
            if isinstance(key, Refused):
                raise key
            kept = await self._apply(row, key)
        except Refused as refusal:
            self._report.refuse(tuple(row_problem(problem, row) for problem in refusal.problems))
            kept = False
        if kept:
            self._places.keep()
        else:
            self._book.back_to(mark)
            self._places.forget()

    async def _apply(self, row: TransactionRow, key: str) -> bool:
        """Write the row; False if what it staged is to be taken back."""
        book = self._book
        known = await self._known(row, key)
        if known is not None and known.deleted:
            return self._count_deleted(row, key, known)
        draft = row.draft
        if row.category is not None:
            draft = replace(draft, category_id=await self._places.find(book, row.category))
        if known is not None:
            return await self._compare(row, key, draft, known)
        transaction = await created(book, replace(draft, external_id=key))
        await TRANSACTION.check(book, transaction)
        transaction = book.create(TRANSACTION, transaction)
        if row.deleted:
            book.delete(TRANSACTION, transaction)
        self._report.add(row.line, transaction)
        return True

    def _count_deleted(self, row: TransactionRow, key: str, known: Transaction) -> bool:
        if row.deleted:
            self._report.unchanged += 1
        else:
            self._report.find_deleted(Difference(row.line, key, known.id, ("deleted",)))
        return False

    async def _compare(self, row: TransactionRow, key: str, draft: Draft, known: Transaction) -> bool:
        book = self._book
        after = await patched(book, known, draft)
        differing = [name for name in _COMPARED if getattr(after, name) != getattr(known, name)]
        if row.deleted:
            differing.append("deleted")
        if not differing:
            self._report.unchanged += 1
            return False
        self._report.differ(Difference(row.line, key, known.id, tuple(map(_told, differing))))
        if not self._options.update:
            return False
        await TRANSACTION.check(book, after)
        changed = book.update(TRANSACTION, known, after)
        if row.deleted:
            book.delete(TRANSACTION, changed)
        return True

    async def _known(self, row: TransactionRow, key: str) -> Transaction | None:
        found = (await self._book.find(TRANSACTION, "external_id", [key]))[key]
        if found:
            return found[0]
        number = self._own_number(row)
        known = None if number is None else (await self._book.get(TRANSACTION, [number])).get(number)
        return known if known is not None and known.external_id is None else None

    def _own_number(self, row: TransactionRow) -> int | None:
        return row.number[1] if row.number is not None and row.number[0] == self._origin else None

    async def _attempt_other(self, row: CategoryRow | TagRow | BudgetRow) -> None:
        mark = self._book.mark()
        try:
            match row:
                case CategoryRow(_, path):
                    await self._places.find(self._book, path)
                case TagRow(_, name):
                    await tags_named(self._book, [clean_name(name, "name")])
                case BudgetRow():
                    await self._set_budget(row)
        except Refused as refusal:
            self._book.back_to(mark)
            self._places.forget()
            self._report.refuse(tuple(_other_problem(problem, row) for problem in refusal.problems))
        else:
            self._places.keep()

    async def _set_budget(self, row: BudgetRow) -> None:
        book = self._book
        category = None if row.category is None else await self._places.find(book, row.category)
        mark = book.mark()
        values: dict[str, Any] = {
            "month": row.month,
            "amount": row.amount,
            "currency": row.currency,
        }
        budget = (await set_budget(self._envelope, category_id=category, **values).run(book)).entity
        if book.changed == mark.position:
            return
        if budget.id > mark.last_ids["budgets"] or self._options.update:
            self._report.budgets += 1
            return
        book.back_to(mark)
        self._report.differ(Difference(row.line, f"budget of {row.month}", budget.id, ("amount",)))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == ROWS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _told(name: str) -> str:
    return {"amount_minor": "amount", "category_id": "category", "tag_ids": "tags"}.get(name, name)


def _other_problem(problem: Problem, row: CategoryRow | TagRow | BudgetRow) -> RowProblem:
    column = next((part for part in problem.path if isinstance(part, str)), "")
    return RowProblem(row.line, column, "", problem.message, problem.code.name)


def _problem(problem: RowProblem) -> Problem:
    where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    shown = f" ({problem.value!r})" if problem.value else ""
    return Problem(Code[problem.code], f"{where}{shown}: {problem.reason}", ("rows", problem.line))
