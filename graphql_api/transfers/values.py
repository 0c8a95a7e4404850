"""Amounts and dates as files write them, into the forms that the ledger's own parsers take."""

from __future__ import annotations

import re
from datetime import date, datetime

from graphql_api.ledgers.errors import Code, Refused

_PLAIN = re.compile(r"[+-]?\d*[.]?\d+", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}([. '\u2019]\d{3})+)?(,\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.ASCII)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


def amount_text(value: str, *, decimal_comma: bool, negate: bool) -> str:
    """A decimal as 1234.50 from 1,234.50, 1 234,50 with a decimal comma, (12.50) or 12.50-.

    What cannot be read is given back as it is, for the ledger's parser to refuse.
    """
    text = value.strip().translate(_SPACES)
    turned = negate
    if text.startswith("(") and text.endswith(")"):
        text, turned = text[1:-1].strip(), not turned
    elif text.endswith("-") and not text.startswith("-"):
        text, turned = text[:-1].strip(), not turned
    number = _with_comma(text) if decimal_comma else _with_point(text)
    if number is None:
        return value
    if number.startswith("."):
        number = f"0{number}"
    if not turned:
        return number
    return number[1:] if number.startswith("-") else f"-{number.removeprefix('+')}"


def amount_hint(value: str, *, decimal_comma: bool) -> str:
    """What to try when an amount cannot be read; "" when there is nothing to say."""
    text = value.strip().translate(_SPACES)
    if not decimal_comma and _with_point(text) is None and _with_comma(text):
        return " If the file writes decimals with a comma, give --decimal-comma."
    if decimal_comma and _with_comma(text) is None and _with_point(text):
        return " This one has a decimal point, but --decimal-comma is given."
    return ""


def parse_day(value: str, format_: str | None) -> date | str:
    """The calendar day as it is written, whatever time and zone follow it; other text comes back to be refused."""
    text = value.strip()
    if format_ is not None:
        try:
            return datetime.strptime(text, format_).date()  # noqa: DTZ007  the day is what is written
        except ValueError as error:
            message = f"It is not a day written as {format_}."
            raise Refused.because(Code.DATE_INVALID, message, "date") from error
    match = _ISO_DAY.fullmatch(text)
    if match is None:
        if text and not text.isspace() and any(character in "/." for character in text):
            message = "It is not written as 2026-02-28: tell its form, such as --date-format %d/%m/%Y."
            raise Refused.because(Code.DATE_INVALID, message, "date")
        return text
    if match[2] is not None and not _is_time(text):
        message = "What follows the day is not a time."
        raise Refused.because(Code.DATE_INVALID, message, "date")
    return match[1]


def check_date_format(format_: str) -> None:
    """Refuse a pattern that reads no day."""
    first = date(1999, 12, 31)
    try:
        known = datetime.strptime(first.strftime(format_), format_).date() == first  # noqa: DTZ007  as above
    except ValueError:
        known = False
    if not known:
        message = f"{format_!r} is no pattern that reads a day, such as %d/%m/%Y or %Y%m%d."
        raise Refused.because(Code.INVALID, message, "date-format")


def _with_point(text: str) -> str | None:
    if _PLAIN.fullmatch(text):
        return text
    return text.replace(",", "") if _GROUPED.fullmatch(text) else None


def _with_comma(text: str) -> str | None:
    if not _COMMA.fullmatch(text) or not any(character.isdigit() for character in text):
        return None
    return re.sub(r"[. '\u2019]", "", text).replace(",", ".")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        # an impossible day is for the ledger's parser to tell
        try:
            datetime.fromisoformat(f"2000-01-01{text[10:]}")
        except ValueError:
            return False
    return True
