"""Importing CSV into a ledger, on every engine."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from graphql_api.database.commands import delete
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.principal import FIRST_LEDGER
from graphql_api.transactions.filters import EVERYTHING
from graphql_api.transactions.model import Draft
from graphql_api.transactions.service import Update, single
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Totals, totals
from graphql_api.transfers.mapping import Mapping
from tests.transfers.support import ENVELOPE, PROCUREMENT, Books, written

pytestmark = pytest.mark.anyio

WVU = Mapping(key=("Number", "Line"), skip_when=("Cancelled=*",))
KEYED = Mapping(key=("Id",), category_separator="/")
FILE = """\
Id,Date,Amount,Currency,Payee,Memo,Category,Tags
1,2026-01-01,12.50,EUR,Café 🍰,Cake,Food/Cafés,"sweet,with Ana"
2,2026-01-02,-3,USD,Shop,Refund,Food,
3,2026-01-03,980,JPY,寿司,,,
"""


async def test_the_real_file_is_imported_and_again_adds_nothing(books: Books) -> None:
    with PROCUREMENT.open(newline="") as file:
        taken = [row for row in csv.DictReader(file) if row["Cancelled"] != "*"]
    report = await books.take(PROCUREMENT, WVU)
    assert (report.added, report.skipped, report.refused) == (len(taken), 1174, 0)
    assert report.totals["USD"] == sum(int(Decimal(row["Amount"]) * 100) for row in taken)
    assert report.version == 2

    async with books.database.snapshot() as snapshot:
        (total,) = await totals(snapshot, FIRST_LEDGER, Totals(wanted=EVERYTHING, rescan=True))
        (kept,) = await totals(snapshot, FIRST_LEDGER, Totals(wanted=EVERYTHING))
    assert total == kept
    assert (total.count, total.amount_minor) == (len(taken), report.totals["USD"])
    assert await books.categories() == {(row["Category"],) for row in taken}
    first = (await books.transactions())[0]
    assert (first.date.isoformat(), first.merchant) == ("2017-12-20", "INTERIORS PLUS LLC")
    assert first.external_id == "50100110/1"

    again = await books.take(PROCUREMENT, WVU)
    assert (again.added, again.unchanged, again.changed) == (0, len(taken), 0)
    assert await books.version() == 2


async def test_the_cancelled_lines_are_taken_without_the_option_and_zero_amounts_always(books: Books) -> None:
    report = await books.take(PROCUREMENT)
    assert (report.added, report.skipped) == (3898, 0)
    assert sum(transaction.amount_minor == 0 for transaction in await books.transactions()) == 762
    again = await books.take(PROCUREMENT)
    assert (again.added, again.unchanged) == (0, 3898)


async def test_everything_of_a_row_arrives(books: Books, tmp_path: Path) -> None:
    report = await books.take(written(tmp_path, FILE), KEYED)
    assert (report.added, report.categories, report.tags) == (3, 2, 2)
    assert dict(report.totals) == {"EUR": 1250, "USD": -300, "JPY": 980}
    first, _, third = await books.transactions()
    assert (first.merchant, first.description, first.external_id) == ("Café 🍰", "Cake", "1")
    assert len(first.tag_ids) == 2
    assert (third.category_id, third.tag_ids) == (None, ())
    assert await books.categories() == {("Food",), ("Food", "Cafés")}
    assert await books.tags() == {"sweet", "with Ana"}


async def test_twins_without_a_key_are_both_kept_and_found_again(books: Books, tmp_path: Path) -> None:
    text = "Date,Amount,Payee\n2026-01-01,2,Tram\n2026-01-01,2,Tram\n2026-01-02,2,Tram\n"
    path = written(tmp_path, text)
    assert (await books.take(path)).added == 3
    assert (await books.take(path)).unchanged == 3
    path = written(tmp_path, "Payee;Date;Amount\nTram;2026-01-01;2\nTram;2026-01-01;2\nTram;2026-01-01;2\n")
    report = await books.take(path)
    assert (report.added, report.unchanged) == (1, 2)


async def test_a_changed_row_is_told_and_written_only_if_asked(books: Books, tmp_path: Path) -> None:
    await books.take(written(tmp_path, FILE), KEYED)
    changed = written(tmp_path, FILE.replace("12.50", "13.50").replace("Cafés", "Pâtisseries").replace("sweet", "new"))
    report = await books.take(changed, KEYED)
    assert (report.added, report.unchanged, report.changed) == (0, 2, 1)
    assert report.differences[0].fields == ("amount", "category", "tags")
    assert await books.version() == 2
    assert await books.tags() == {"sweet", "with Ana"}
    assert ("Food", "Pâtisseries") not in await books.categories()

    report = await books.take(changed, KEYED, update=True)
    assert (report.changed, report.version) == (1, 3)
    assert (await books.transactions())[0].amount_minor == 1350
    assert (await books.take(changed, KEYED)).unchanged == 3


async def test_what_the_file_does_not_tell_may_be_changed_in_the_ledger(books: Books, tmp_path: Path) -> None:
    path = written(tmp_path, "Id,Date,Amount\n1,2026-01-01,5\n")
    await books.take(path, Mapping(key=("Id",)))
    patch = Draft(description="by hand", tags=["mine"])
    await books.database.write(FIRST_LEDGER, single(ENVELOPE, Update(1, patch)))
    assert (await books.take(path, Mapping(key=("Id",)))).unchanged == 1


async def test_a_deleted_row_stays_deleted_and_is_told(books: Books, tmp_path: Path) -> None:
    path = written(tmp_path, FILE)
    await books.take(path, KEYED)
    await books.database.write(FIRST_LEDGER, delete(ENVELOPE, TRANSACTION, 2))
    for update in (False, True):
        report = await books.take(path, KEYED, update=update)
        assert (report.added, report.unchanged, report.deleted) == (0, 2, 1)
        assert (report.gone[0].line, report.gone[0].number) == (3, 2)
    assert (await books.transactions())[1].deleted


BAD = """\
Id,Date,Amount,Currency,Payee,Memo,Category,Tags
1,2026-01-01,12.50,EUR,ok,,New,fresh
2,2026-02-31,1,EUR,,,,
3,2026-01-01,123456789012345678901234567890,EUR,,,,
4,2026-01-01,NaN,EUR,,,,
5,2026-01-01,1.5,JPY,,,,
6,2026-01-01,1.005,USD,,,,
7,2026-01-01,1,DEM,,,,
8,0000-01-01,1,EUR,,,,
9,2026-01-01,1e400,EUR,,,,
10,2026-01-01,1,EUR,"nul \0 here",,Wrong,
11,2026-01-01,1,EUR
12,2026-01-01,1,EUR,,,a/b/c/d/e/f/g/h/i,
1,2026-01-02,1,EUR,,,,
,2026-01-02,1,EUR,,,,
"""
COLUMNS_OF = {
    3: "Date",
    4: "Amount",
    5: "Amount",
    6: "Amount",
    7: "Amount",
    8: "Currency",
    9: "Date",
    10: "Amount",
    11: "Payee",
    12: "",
    13: "Category",
    14: "Id",
    15: "Id",
}


async def test_bad_rows_let_nothing_be_imported(books: Books, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        await books.take(written(tmp_path, BAD), KEYED)
    assert [problem.path[1] for problem in refusal.value.problems] == list(COLUMNS_OF)
    assert await books.version() == 1
    assert await books.transactions() == []
    assert await books.categories() == set()


async def test_bad_rows_are_left_out_and_leave_nothing(books: Books, tmp_path: Path) -> None:
    report = await books.take(written(tmp_path, BAD), KEYED, skip_bad=True)
    assert (report.added, report.refused) == (1, 13)
    assert {problem.line: problem.column for problem in report.problems} == COLUMNS_OF
    assert report.problems[0].value == "2026-02-31"
    assert "Line 2" in report.problems[11].reason
    assert all(len(problem.value) <= 40 for problem in report.problems)
    assert await books.categories() == {("New",)}
    assert await books.tags() == {"fresh"}
    assert (await books.take(written(tmp_path, BAD), KEYED, skip_bad=True)).unchanged == 1


async def test_a_megabyte_in_a_cell_is_a_row_error(books: Books, tmp_path: Path) -> None:
    text = f"Date,Amount,Payee\n2026-01-01,1,{'x' * 2**20}\n2026-01-02,1,y\n"
    report = await books.take(written(tmp_path, text), skip_bad=True)
    assert (report.added, report.refused) == (1, 1)
    assert "longer than" in report.problems[0].reason


async def test_an_error_on_the_last_of_many_rows_undoes_what_was_sent(books: Books, tmp_path: Path) -> None:
    text = "Date,Amount,Category\n" + "".join(f"2026-01-01,{number},c{number % 7}\n" for number in range(2500))
    with pytest.raises(Refused, match="line 2502"):
        await books.take(written(tmp_path, text + "2026-01-01,x,\n"))
    assert (await books.version(), await books.transactions()) == (1, [])
    report = await books.take(written(tmp_path, text))
    assert (report.added, report.version, report.categories) == (2500, 2, 7)
    assert {transaction.version for transaction in await books.transactions()} == {2}


async def test_a_dry_run_tells_all_and_changes_nothing(books: Books, tmp_path: Path) -> None:
    report = await books.take(written(tmp_path, FILE), KEYED, dry_run=True)
    assert (report.added, report.categories, report.dry_run) == (3, 2, True)
    assert [line for line, _ in report.first] == [2, 3, 4]
    assert (await books.version(), await books.transactions()) == (1, [])
    assert (await books.take(written(tmp_path, FILE), KEYED)).added == 3


async def test_the_ledgers_own_currency_is_taken_where_the_file_names_none(books: Books, tmp_path: Path) -> None:
    path = written(tmp_path, "Date,Amount\n2026-01-01,1\n")
    assert set((await books.take(path)).totals) == {"USD"}
    ledger = await books.new_ledger()
    assert set((await books.take(path, ledger=ledger)).totals) == {"EUR"}
    ledger = await books.new_ledger()
    assert set((await books.take(path, Mapping(currency_code="GBP"), ledger=ledger)).totals) == {"GBP"}


async def test_an_import_into_a_ledger_that_is_not_there_is_refused(books: Books, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such ledger"):
        await books.take(written(tmp_path, FILE), KEYED, ledger=77)
