"""Calendar dates without zone, and instants as microseconds of UTC since 1970."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta

from graphql_api.ledgers.errors import Code, Refused

FIRST_DAY = date(1000, 1, 1)
"""The first day that every supported database keeps as a DATE."""

LAST_DAY = date.max

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_date(value: object, *path: str | int) -> date:
    """A day of the proleptic Gregorian calendar from its ISO 8601 form, 2026-02-28."""
    day: date | None = None
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if day is None or day < FIRST_DAY:
        shown = repr(value[:20]) if isinstance(value, str) and value.isprintable() else "The value"
        message = f"{shown} is not a day from {FIRST_DAY} to {LAST_DAY}, written as 2026-02-28."
        raise Refused.because(Code.DATE_INVALID, message, *path)
    return day


def parse_month(value: object, *path: str | int) -> date:
    """The first day of a month written as 2026-02."""
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Refused.because(Code.DATE_INVALID, "A month is written as 2026-02.", *path)
    return parse_date(f"{match[0]}-01", *path)


def month_of(day: date) -> int:
    """The month as one number that sorts: 2026-02-28 gives 202602."""
    return day.year * 100 + day.month


def first_of(month: int) -> date:
    """The first day of a month given as 202602."""
    return date(month // 100, month % 100, 1)


def now() -> int:
    """The present instant in microseconds of UTC since 1970."""
    return time.time_ns() // 1000


def instant(moment: datetime) -> int:
    """Microseconds of UTC since 1970 of an aware date and time."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """The aware date and time, in UTC, of an instant."""
    return _EPOCH + timedelta(microseconds=microseconds)
