"""Bank statements."""

from pathlib import Path

import pytest

from graphql_api.ledgers.errors import Refused
from graphql_api.transfers.mapping import Mapping
from tests.transfers.support import DATA, Books, written

pytestmark = pytest.mark.anyio

OFX = DATA / "ofx"


@pytest.mark.parametrize(
    ("name", "totals"),
    [
        ("anzcc.ofx", {"AUD": 550}),
        ("bank_medium.ofx", {"CAD": 660 + 31667 + 2200}),
        ("checking.ofx", {"USD": -1 + 3451 + 2500}),
        ("statement-2.ofx", {"EUR": 1250, "GBP": -10000, "JPY": 980}),
    ],
)
async def test_statements_are_imported_and_again_add_nothing(books: Books, name: str, totals: dict[str, int]) -> None:
    report = await books.take(OFX / name)
    assert dict(report.totals) == totals
    assert report.refused == 0
    again = await books.take(OFX / name)
    assert (again.added, again.unchanged) == (0, report.added)


async def test_expenses_are_positive_and_days_are_the_banks(books: Books) -> None:
    await books.take(OFX / "statement-2.ofx")
    cake, refund, sushi = await books.transactions()
    assert (cake.amount_minor, cake.date.isoformat(), cake.merchant) == (1250, "2026-01-05", "Café 🍰 & Söhne")
    assert cake.external_id == "MARKDEF1100/000123/A1"
    assert (refund.amount_minor, refund.currency, refund.merchant) == (-10000, "GBP", "Refund Ltd")
    assert (sushi.external_id, sushi.description, sushi.merchant) == ("4111/A1", "", "寿司 Hana")


async def test_the_sign_can_be_kept(books: Books) -> None:
    report = await books.take(OFX / "anzcc.ofx", Mapping(negate=True))
    assert dict(report.totals) == {"AUD": -550}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("date_missing.ofx", [(33, "DTPOSTED", ""), (40, "DTPOSTED", ""), (48, "DTPOSTED", "20120231")]),
        ("decimal_error.ofx", [(34, "TRNAMT", "$120"), (34, "DTPOSTED", "201120000000")]),
    ],
)
async def test_broken_statements_are_told_and_change_nothing(
    books: Books, name: str, told: list[tuple[int, str, str]]
) -> None:
    report = await books.take(OFX / name, skip_bad=True)
    assert [(problem.line, problem.column, problem.value) for problem in report.problems] == told
    assert all("192639749" in problem.reason for problem in report.problems)
    with pytest.raises(Refused):
        await books.take(OFX / name)
    assert (await books.version(), await books.transactions()) == (1, [])


async def test_half_a_file_is_refused(books: Books, tmp_path: Path) -> None:
    whole = (OFX / "bank_medium.ofx").read_bytes()
    with pytest.raises(Refused, match="part of it is missing"):
        await books.take(written(tmp_path, whole[: len(whole) * 3 // 4], "half.ofx"))
    assert await books.version() == 1


@pytest.mark.parametrize("text", ["OFXHEADER:100\n", "OFXHEADER:100\n\n<OFX></OFX>", "<?xml version='1.0'?><html/>"])
async def test_what_holds_no_statement_is_refused(books: Books, tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused):
        await books.take(written(tmp_path, text, "empty.ofx"))
