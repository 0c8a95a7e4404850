"""Scalars of the schema. None of them passes through a float."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NewType

import strawberry
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode

from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Refused

if TYPE_CHECKING:
    from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
Month = NewType("Month", date)

_LONGEST_DECIMAL = 400


def _serialize_decimal(value: Decimal) -> str:
    return format(value, "f")


def _parse_decimal(value: object) -> Decimal:
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and len(value) <= _LONGEST_DECIMAL and _is_plain(value):
        return Decimal(value)
    message = "Decimal takes a finite decimal number, as text (“12.50”) or as a number."
    raise GraphQLError(message)


def _is_plain(text: str) -> bool:
    digits = text[1:] if text[:1] in ("-", "+") else text
    whole, point, rest = digits.partition(".")
    return digits.isascii() and whole.isdigit() and (rest.isdigit() or not point)


def _parse_decimal_literal(node: ValueNode, _: object = None) -> Decimal:
    if isinstance(node, (IntValueNode, FloatValueNode)) and len(node.value) <= _LONGEST_DECIMAL:
        return _parse_decimal(Decimal(node.value))
    return _parse_decimal(node.value if isinstance(node, StringValueNode) else None)


def _parse_date(value: object) -> date:
    try:
        return calendar.parse_date(value)
    except Refused as refusal:
        raise GraphQLError(str(refusal)) from refusal


def _parse_moment(value: object) -> datetime:
    if isinstance(value, str) and value.isascii():
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and moment.year > 1:
            return moment
    message = "DateTime takes ISO 8601 with a zone, such as 2026-02-28T12:00:00Z."
    raise GraphQLError(message)


def _serialize_moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _parse_month(value: object) -> date:
    try:
        return calendar.parse_month(value)
    except Refused as refusal:
        raise GraphQLError(str(refusal)) from refusal


def _serialize_month(value: date) -> str:
    return f"{value.year:04}-{value.month:02}"


def _parse_big_int(value: object) -> int:
    text = str(value)
    longest = 19
    if isinstance(value, (int, str)) and not isinstance(value, bool) and len(text) <= longest and text.isascii():
        try:
            return int(text)
        except ValueError:
            pass
    message = "BigInt takes a whole number of at most 18 digits, as text or as a number."
    raise GraphQLError(message)


DECIMAL = strawberry.scalar(
    name="Decimal",
    description="An exact decimal number, written as text: “12.50”. Numbers are taken too, and never become floats.",
    serialize=_serialize_decimal,
    parse_value=_parse_decimal,
    parse_literal=_parse_decimal_literal,
)
DATE = strawberry.scalar(
    name="Date",
    description="A day of the calendar without a zone, from 1000-01-01 to 9999-12-31, in ISO 8601.",
    serialize=date.isoformat,
    parse_value=_parse_date,
    specified_by_url="https://scalars.graphql.org/andimarek/local-date",
)
DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="An instant in ISO 8601 with its zone; answers are in UTC.",
    serialize=_serialize_moment,
    parse_value=_parse_moment,
    specified_by_url="https://scalars.graphql.org/andimarek/date-time",
)
MONTH = strawberry.scalar(
    name="Month",
    description="A month of the calendar, 2026-02.",
    serialize=_serialize_month,
    parse_value=_parse_month,
)
BIG_INT = strawberry.scalar(
    name="BigInt",
    description="A whole number of any length, written as text.",
    serialize=str,
    parse_value=_parse_big_int,
)
SCALARS: dict[object, ScalarDefinition] = {
    Decimal: DECIMAL,
    date: DATE,
    datetime: DATE_TIME,
    Month: MONTH,
    BigInt: BIG_INT,
}
"""For the schema's configuration: which scalar stands for which Python type."""
