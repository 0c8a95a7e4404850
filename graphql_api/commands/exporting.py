"""The work of `expense export`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from graphql_api.commands.console import note, progress
from graphql_api.commands.files import whole_file
from graphql_api.commands.opening import opened, run, the_ledger
from graphql_api.database.history import version_at
from graphql_api.ledgers.calendar import instant, parse_date
from graphql_api.ledgers.errors import Code, Problems, Refused
from graphql_api.ledgers.money import parse_currency
from graphql_api.ledgers.text import name_key
from graphql_api.settings import Settings
from graphql_api.transactions.filters import DateCondition, ReferenceCondition, TransactionFilter
from graphql_api.transactions.totals import Deleted, Totals, count
from graphql_api.transfers.detect import CATEGORY_SEPARATOR
from graphql_api.transfers.exporter import Export, Selection
from graphql_api.transfers.files import csv_text, jsonl_text
from graphql_api.transfers.lists import parts_of

if TYPE_CHECKING:
    from graphql_api.database.reader import Snapshot
    from graphql_api.ledgers.model import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The command's flags, nothing of them checked yet."""

    from_: str | None = None
    to: str | None = None
    currencies: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    deleted: str = Deleted.EXCLUDE.value
    as_of: str | None = None


def export_ledger(named: str | None, wanted: Wanted, format_: str, output: Path | None) -> None:
    """Write the export; a file is there whole or not at all."""
    run(_export(named, wanted, format_, output))


async def _export(named: str | None, wanted: Wanted, format_: str, output: Path | None) -> None:
    async with opened(Settings.load()) as database, database.snapshot() as snapshot:
        ledger = await the_ledger(snapshot, named)
        selection = await _selection(snapshot, ledger, wanted)
        export = await Export.open(snapshot, ledger.id, selection)
        query = Totals(wanted=selection.wanted, deleted=selection.deleted, as_of=selection.as_of)
        total = await count(snapshot, ledger.id, query)
        with_deleted = selection.deleted is not Deleted.EXCLUDE
        lines = csv_text(export, with_deleted=with_deleted) if format_ == "csv" else jsonl_text(export)
        done = 0
        with _writable(output) as file, progress("Exporting", total, quiet=output is None) as told:
            async for line, transactions in lines:
                file.write(line)
                done += transactions
                told(done)
    if output is not None:
        note(f"Wrote {done:,} transactions of {ledger.name}, version {export.ledger.version}, to {output}.")


async def _selection(snapshot: Snapshot, ledger: Ledger, wanted: Wanted) -> Selection:
    as_of = None if wanted.as_of is None else await _version(snapshot, ledger, wanted.as_of)
    problems = Problems()
    first = last = None
    currencies: list[str] = []
    with problems:
        first = parse_date(wanted.from_, "from") if wanted.from_ is not None else None
    with problems:
        last = parse_date(wanted.to, "to") if wanted.to is not None else None
    for code in wanted.currencies:
        with problems:
            currencies.append(parse_currency(code, "currency"))
    problems.check()
    names = await Export.open(snapshot, ledger.id, Selection(as_of=as_of))
    return Selection(
        wanted=TransactionFilter(
            date=DateCondition(gte=first, lte=last) if first is not None or last is not None else None,
            currency=tuple(currencies) or None,
            category=ReferenceCondition(any_of=_categories(names, wanted.categories)) if wanted.categories else None,
            tag=ReferenceCondition(any_of=_tags(names, wanted.tags)) if wanted.tags else None,
        ),
        deleted=Deleted(wanted.deleted),
        as_of=as_of,
    )


async def _version(snapshot: Snapshot, ledger: Ledger, text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text[:20])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = "--as-of takes a version, such as 17, or an instant, such as 2026-02-28T12:00:00Z."
        raise Refused.because(Code.INVALID, message, "as-of") from None
    return await version_at(snapshot, ledger, instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC)))


def _categories(names: Export, paths: tuple[str, ...]) -> list[int]:
    known = {tuple(map(name_key, path)): number for number, path in names.paths.items()}
    found = []
    for path in paths:
        keys = tuple(map(name_key, parts_of(path, CATEGORY_SEPARATOR, escapes=True)))
        if keys not in known:
            raise Refused.because(Code.NOT_FOUND, f"There is no category {path!r} in {names.ledger.name}.", "category")
        found.append(known[keys])
    return found


def _tags(names: Export, wanted: tuple[str, ...]) -> list[int]:
    known = {name_key(name): number for number, name in names.tags.items()}
    for name in wanted:
        if name_key(name) not in known:
            raise Refused.because(Code.NOT_FOUND, f"There is no tag {name!r} in {names.ledger.name}.", "tag")
    return [known[name_key(name)] for name in wanted]


@contextmanager
def _writable(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()
        return
    with whole_file(output) as file:
        yield file
