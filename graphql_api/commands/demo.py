"""expense demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.commands.console import Json, LedgerName, progress, say, say_json
from graphql_api.commands.opening import opened, run, the_ledger

if TYPE_CHECKING:
    from graphql_api.database.reader import Snapshot
    from graphql_api.ledgers.model import Ledger
    from graphql_api.transfers.report import Report

_HOME = "EUR"
_DECIMALS = 2


def demo(ledger: LedgerName = None, as_json: Json = False) -> None:
    """Fill an empty ledger with two years of a household's sample data. Doing it again adds nothing."""
    found, report = run(_demo(ledger, quiet=as_json))
    if as_json:
        say_json({"ledger": found.id, **report.to_json()})
        return
    say(f"{found.name} ({found.id}), version {report.version}: {report.added:,} transactions added")
    if report.unchanged:
        say(f"{report.unchanged:,} were there already.")
    others = report.changed + report.deleted
    if others:
        say(f"{others:,} were changed or deleted since, and stay so.")


async def _demo(named: str | None, *, quiet: bool) -> tuple[Ledger, Report]:
    from graphql_api.database.writer import Envelope
    from graphql_api.ledgers.money import EXPONENTS
    from graphql_api.ledgers.principal import LOCAL
    from graphql_api.settings import Settings
    from graphql_api.transfers.demo import MONTHS, DemoSource
    from graphql_api.transfers.importer import Importer

    async with opened(Settings.load()) as database:
        async with database.snapshot() as snapshot:
            ledger = await the_ledger(snapshot, named)
            await _check_empty(snapshot, ledger)
        home = ledger.currency if EXPONENTS[ledger.currency] == _DECIMALS else _HOME
        with progress("Two years of expenses", MONTHS, quiet=quiet) as told:
            importer = Importer(DemoSource(home), Envelope(LOCAL.subject), progress=told)
            await database.write(ledger.id, importer.write())
    return ledger, importer.report


async def _check_empty(snapshot: Snapshot, ledger: Ledger) -> None:
    """Refuse a ledger in which someone keeps expenses of their own."""
    from graphql_api.database.states import Range, SortKey, everything, page
    from graphql_api.ledgers.errors import Code, Refused
    from graphql_api.transactions.store import TRANSACTION
    from graphql_api.transfers.demo import KEY_PREFIX

    first = await page(snapshot, TRANSACTION, ledger.id, None, everything, (SortKey("id"),), Range(1))
    if first and not (first[0].external_id or "").startswith(KEY_PREFIX):
        message = (
            f"The ledger {ledger.name} holds expenses already. Make another, `expense ledgers create Demo`, "
            "and give it: `expense demo --ledger Demo`."
        )
        raise Refused.because(Code.IN_USE, message, "ledger")
