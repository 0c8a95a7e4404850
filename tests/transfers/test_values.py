"""Amounts, dates and lists as files write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.ledgers.errors import Refused
from graphql_api.transfers.guard import guarded, unguarded
from graphql_api.transfers.lists import joined, parts_of
from graphql_api.transfers.values import amount_hint, amount_text, check_date_format, parse_day


@pytest.mark.parametrize(
    ("written", "comma", "meant"),
    [
        ("12.50", False, "12.50"),
        (" 12 ", False, "12"),
        (".5", False, "0.5"),
        ("1,234.50", False, "1234.50"),
        ("-1,234,567.50", False, "-1234567.50"),
        ("(12.50)", False, "-12.50"),
        ("12.50-", False, "-12.50"),
        ("\u221212.50", False, "-12.50"),
        ("12,50", True, "12.50"),
        ("1.234,50", True, "1234.50"),
        ("1\u00a0234,50", True, "1234.50"),
        ("1\u202f234", True, "1234"),
        ("1'234,50", True, "1234.50"),
        ("-3", True, "-3"),
        ("12", True, "12"),
    ],
)
def test_amounts_are_read_as_they_are_meant(written: str, *, comma: bool, meant: str) -> None:
    assert amount_text(written, decimal_comma=comma, negate=False) == meant


@pytest.mark.parametrize(
    "written", ["", "12,50", "1,23,456", "1.2.3", "$5", "1e5", "NaN", "٣", "1 234.50", "--1", "(-)", "1,2345"]
)
def test_what_is_no_amount_is_left_for_the_parser_to_refuse(written: str) -> None:
    assert amount_text(written, decimal_comma=False, negate=False) == written


@pytest.mark.parametrize("written", ["12.50", "1.2,3", "1,234.50", ",", "-"])
def test_a_decimal_comma_is_strict_too(written: str) -> None:
    assert amount_text(written, decimal_comma=True, negate=False) == written


@pytest.mark.parametrize(("written", "meant"), [("5", "-5"), ("-5", "5"), ("+5", "-5"), ("(5)", "5")])
def test_negate_turns_the_sign(written: str, meant: str) -> None:
    assert amount_text(written, decimal_comma=False, negate=True) == meant


def test_a_comma_where_a_point_is_expected_is_explained() -> None:
    assert "--decimal-comma" in amount_hint("12,50", decimal_comma=False)
    assert "--decimal-comma" in amount_hint("12.50", decimal_comma=True)
    assert amount_hint("1,234", decimal_comma=False) == ""
    assert amount_hint("abc", decimal_comma=False) == ""


@pytest.mark.parametrize(
    "written", ["2026-02-28", " 2026-02-28 ", "2026-02-28 10:15:20", "2026-02-28T23:59:59.5Z", "2026-02-28T23:00-08:00"]
)
def test_the_day_is_the_one_that_is_written(written: str) -> None:
    assert parse_day(written, None) == "2026-02-28"


def test_a_pattern_reads_the_day() -> None:
    assert parse_day("28.02.2026", "%d.%m.%Y") == date(2026, 2, 28)
    assert parse_day("02/28/26", "%m/%d/%y") == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("31.02.2026", "%d.%m.%Y"),
        ("", "%d.%m.%Y"),
        ("28/02/2026", None),
        ("2026-02-28 25:00", None),
        ("2026-02-28x", None),
    ],
)
def test_what_is_no_day_is_refused_or_left_to_the_parser(written: str, pattern: str | None) -> None:
    try:
        assert parse_day(written, pattern) == written.strip()
    except Refused as refusal:
        assert refusal.problems[0].path == ("date",)  # noqa: PT017  either is right


@pytest.mark.parametrize("pattern", ["", "%H:%M", "%d/%m", "%Q", "%", "2026-01-01"])
def test_a_pattern_that_reads_no_day_is_refused(pattern: str) -> None:
    with pytest.raises(Refused, match="pattern"):
        check_date_format(pattern)


names = st.text(alphabet=st.sampled_from("ab\\/,'= -"), min_size=1).filter(lambda text: text.strip() == text)


@given(st.lists(names, max_size=4).map(tuple), st.sampled_from("/,"))
def test_joined_names_come_back(parts: tuple[str, ...], separator: str) -> None:
    assert parts_of(joined(parts, separator), separator, escapes=True) == parts


@given(st.text())
def test_a_guarded_text_comes_back_and_runs_in_no_spreadsheet(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
