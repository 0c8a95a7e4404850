"""The work of `expense import`, and what it says."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphql_api.commands.console import note, progress, say, say_json
from graphql_api.commands.opening import opened, run, the_ledger
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.money import major_units
from graphql_api.ledgers.principal import LOCAL
from graphql_api.settings import Settings
from graphql_api.transfers import profiles
from graphql_api.transfers.importer import Importer, Options
from graphql_api.transfers.sources import Format, open_source

if TYPE_CHECKING:
    from graphql_api.ledgers.model import Ledger
    from graphql_api.transfers.mapping import Mapping
    from graphql_api.transfers.report import Report
    from graphql_api.transfers.sources import AnySource

_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """The flags of the command that are not about columns and values."""

    ledger: str | None
    format: str | None
    profile: str | None
    save_profile: str | None
    skip_bad: bool
    update: bool
    dry_run: bool
    as_json: bool


def import_file(file: Path, given: Mapping, how: How) -> bool:
    """Import and tell; False if the rows were refused."""
    if how.profile is not None:
        given = given.over(profiles.load(how.profile))
    with _readable(file) as path:
        source, hints = open_source(path, given, Format(how.format) if how.format else None)
        if how.save_profile is not None:
            note(f"Saved {profiles.save(how.save_profile, given)}.")
        if not how.as_json:
            for hint in hints:
                note(f"Note: {hint}")
        return run(_import(source, file.name, how))


async def _import(source: AnySource, name: str, how: How) -> bool:
    envelope = Envelope(LOCAL.subject, dry_run=how.dry_run)
    options = Options(skip_bad=how.skip_bad, update=how.update)
    async with opened(Settings.load()) as database:
        async with database.snapshot() as snapshot:
            ledger = await the_ledger(snapshot, how.ledger)
        with progress(f"Importing {name}", source.size, quiet=how.as_json) as told:
            importer = Importer(source, envelope, options, told)
            try:
                await database.write(ledger.id, importer.write())
            except asyncio.CancelledError:
                importer.stop()
                raise
            except Refused:
                if not importer.report.problems:
                    raise
                refused = True
            else:
                refused = False
    report = importer.report
    if how.as_json:
        say_json({"imported": not refused and not how.dry_run, **report.to_json()})
    else:
        _tell(report, ledger, name, refused=refused)
    return not refused


def _tell(report: Report, ledger: Ledger, name: str, *, refused: bool) -> None:
    for problem in report.problems[:_LINES]:
        where = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
        shown = f" ({problem.value})" if problem.value else ""
        note(f"{where}{shown}: {problem.reason}")
    if len(report.problems) > _LINES:
        note(f"... and more: {report.refused:,} rows are wrong.")
    for difference in report.differences[:_LINES]:
        what = "changed" if report.updated else "differs"
        note(f"line {difference.line}, {difference.key}: {what} in {', '.join(difference.fields)}")
    for difference in report.gone[:_LINES]:
        note(f"line {difference.line}, {difference.key}: was deleted from the ledger, and stays so")
    if refused:
        wrong = f"{report.refused:,} of {report.rows:,} rows are wrong"
        note(f"Nothing was imported: {wrong}. --on-error skip leaves them out.")
        return
    if report.dry_run:
        for line, transaction in report.first:
            amount = f"{transaction.money.value:f} {transaction.currency}"
            say(f"line {line:<6} {transaction.date}  {amount:>16}  {transaction.merchant or transaction.description}")
    _tell_counts(report, ledger, name)


def _tell_counts(report: Report, ledger: Ledger, name: str) -> None:
    verb = "Would import" if report.dry_run else "Imported"
    say(f"{verb} {name} into {ledger.name} ({ledger.id}), version {report.version}:")
    totals = ", ".join(f"{major_units(minor, code):,f} {code}" for code, minor in sorted(report.totals.items()))
    say(f"  added     {report.added:>9,}" + (f"   {totals}" if totals else ""))
    say(f"  unchanged {report.unchanged:>9,}")
    left = "" if report.updated or not report.changed else "   left as they are: --update writes them"
    say(f"  changed   {report.changed:>9,}{left}")
    for label, count in (("deleted", report.deleted), ("skipped", report.skipped), ("refused", report.refused)):
        if count:
            say(f"  {label:<9} {count:>9,}")
    for label, count in (("categories", report.categories), ("tags", report.tags), ("budgets", report.budgets)):
        if count:
            say(f"  new {label}: {count:,}")


@contextmanager
def _readable(file: Path) -> Iterator[Path]:
    """A file that can be read more than once."""
    if str(file) != "-":
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="expense-import-") as folder:
        path = Path(folder) / "standard input"
        with path.open("wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        yield path
