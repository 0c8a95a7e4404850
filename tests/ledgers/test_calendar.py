"""Days, months and instants."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused

DAYS = st.dates(calendar.FIRST_DAY, calendar.LAST_DAY)


@given(DAYS)
def test_a_day_comes_back_from_its_text(day: date) -> None:
    assert calendar.parse_date(day.isoformat()) == day
    assert calendar.parse_date(day) == day
    assert calendar.first_of(calendar.month_of(day)) == day.replace(day=1)
    assert calendar.parse_month(day.isoformat()[:7]) == day.replace(day=1)


@given(DAYS, DAYS)
def test_months_sort_as_numbers(one: date, other: date) -> None:
    one, other = sorted([one, other])
    assert calendar.month_of(one) <= calendar.month_of(other)


@given(st.text() | st.text("0123456789-", max_size=12))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        day = calendar.parse_date(text)
    except Refused as error:
        refusal = error
    else:
        assert day.isoformat() == text
        return
    assert refusal.problems[0].code is Code.DATE_INVALID
    str(refusal).encode()


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-31",
        "2025-02-29",
        "0000-01-01",
        "10000-01-01",
        "0999-12-31",
        "2026-13-01",
        "2026-1-1",
        "20260101",
        "2026-W01-1",
        "2026-01-01T00:00:00",
        " 2026-01-01",
        "2026-01-01\n",
        "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
        "\0",
        "\ud800",
        "9" * 1_000_000,
        "",
        None,
        20260101,
        datetime(2026, 1, 1, tzinfo=UTC),
        date(999, 12, 31),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refusal:
        calendar.parse_date(value, "date")
    (problem,) = refusal.value.problems
    assert (problem.code, problem.path) == (Code.DATE_INVALID, ("date",))
    assert len(problem.message) < 200
    problem.message.encode()


@pytest.mark.parametrize("value", ["2026-13", "2026-00", "0000-01", "26-01", "2026-01-01", "2026-1", "", None, 202601])
def test_what_is_no_month_is_refused(value: object) -> None:
    with pytest.raises(Refused) as refusal:
        calendar.parse_month(value, "month")
    assert refusal.value.problems[0].code is Code.DATE_INVALID


@given(
    st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 30)),  # noqa: DTZ001  given its zone below
    st.integers(-23, 23),
)
def test_an_instant_is_the_same_in_every_zone(naive: datetime, hours: int) -> None:
    aware = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert calendar.moment(calendar.instant(aware)) == aware
    assert isinstance(calendar.instant(aware), int)
