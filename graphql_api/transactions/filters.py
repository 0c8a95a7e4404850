"""Which transactions: a tree of conditions, and the SQL that means the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true

from graphql_api.database import tables
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST
from graphql_api.ledgers.money import EXPONENTS, RETIRED
from graphql_api.ledgers.text import clean, name_key, search_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Column, Table

DEEPEST = 10
"""Levels of and, or, not."""

MOST_CONDITIONS = 200
"""Conditions and listed values in a whole filter."""

LONGEST_TEXT = 2000
"""Characters of a text to compare with."""

_EXACT = Context(prec=60)
_BEYOND_ALL = 10**17
_POWER = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountCondition:
    """Bounds in major units of each transaction's own currency, or of `currency` only."""

    currency: str | None = None
    eq: Decimal | None = None
    gt: Decimal | None = None
    gte: Decimal | None = None
    lt: Decimal | None = None
    lte: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCondition:
    """Bounds on the calendar date."""

    eq: date | None = None
    gt: date | None = None
    gte: date | None = None
    lt: date | None = None
    lte: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCondition:
    """Without regard to case and accents: is, is one of, begins with, or contains."""

    eq: str | None = None
    any_of: Sequence[str] | None = None
    starts_with: str | None = None
    contains: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceCondition:
    """Refers to one of these ids; `none` True: to nothing, False: to something. Categories include those below them."""

    any_of: Sequence[int] | None = None
    none: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFilter:
    """All that is given must hold; nothing given is true of every transaction."""

    all_of: Sequence[TransactionFilter] | None = None
    any_of: Sequence[TransactionFilter] | None = None
    none_of: TransactionFilter | None = None
    amount: AmountCondition | None = None
    date: DateCondition | None = None
    merchant: TextCondition | None = None
    text: str | None = None
    category: ReferenceCondition | None = None
    tag: ReferenceCondition | None = None
    currency: Sequence[str] | None = None
    external_id: Sequence[str] | None = None


EVERYTHING = TransactionFilter()


def check(wanted: TransactionFilter) -> None:
    """Refuse a filter that is nested too deep or too large, or holds a value that nothing can be compared with."""
    budget = MOST_CONDITIONS
    pending = [(wanted, 1)]
    while pending:
        node, level = pending.pop()
        if level > DEEPEST:
            raise Refused.because(Code.FILTER_INVALID, f"A filter is nested at most {DEEPEST} levels deep.", "filter")
        _check_values(node)
        budget -= 1 + sum(_weight(getattr(node, item.name)) for item in fields(node))
        if budget < 0:
            message = f"A filter holds at most {MOST_CONDITIONS} conditions, words and listed values."
            raise Refused.because(Code.FILTER_INVALID, message, "filter")
        pending.extend((child, level + 1) for child in (*(node.all_of or ()), *(node.any_of or ())))
        if node.none_of is not None:
            pending.append((node.none_of, level + 1))


def _check_values(node: TransactionFilter) -> None:
    clean(node.text, "filter", "text", longest=LONGEST_TEXT, multiline=True)
    if node.merchant is not None:
        for name in ("eq", "starts_with", "contains"):
            clean(getattr(node.merchant, name), "filter", "merchant", longest=LONGEST_TEXT, multiline=True)
        for text in node.merchant.any_of or ():
            clean(text, "filter", "merchant", longest=LONGEST_TEXT, multiline=True)
    for text in (*(node.external_id or ()), *(node.currency or ())):
        clean(text, "filter", longest=LONGEST_TEXT, multiline=True)
    if node.amount is not None:
        for name in ("eq", "gt", "gte", "lt", "lte"):
            bound = getattr(node.amount, name)
            if bound is not None and not bound.is_finite():
                message = "The bound is not a finite decimal number such as 12.50 or -3."
                raise Refused.because(Code.AMOUNT_INVALID, message, "filter", "amount", name)


def category_ids(wanted: TransactionFilter) -> set[int]:
    """The categories that a filter names anywhere, whose descendants its SQL needs."""
    own = set((wanted.category.any_of if wanted.category else None) or ())
    children = (*(wanted.all_of or ()), *(wanted.any_of or ()), *((wanted.none_of,) if wanted.none_of else ()))
    return own.union(*(category_ids(child) for child in children)) if children else own


def condition(wanted: TransactionFilter, table: Table, below: dict[int, set[int]]) -> ColumnElement[bool]:
    """The filter in the columns of the present's table or the archive; `below` maps a category to it and its own.

    Every part is true or false, never unknown, so that `not` is its exact opposite.
    """
    parts: list[ColumnElement[bool]] = []
    if wanted.all_of is not None:
        parts.extend(condition(child, table, below) for child in wanted.all_of)
    if wanted.any_of is not None:
        parts.append(or_(false(), *(condition(child, table, below) for child in wanted.any_of)))
    if wanted.none_of is not None:
        parts.append(not_(condition(wanted.none_of, table, below)))
    if wanted.category is not None:
        parts.append(_category(wanted.category, table, below))
    return and_(true(), *parts, *_own(wanted, table))


def _own(wanted: TransactionFilter, table: Table) -> list[ColumnElement[bool]]:
    """The conditions on the transaction itself."""
    parts: list[ColumnElement[bool]] = []
    if wanted.amount is not None:
        parts.append(_amount(wanted.amount, table))
    if wanted.date is not None:
        parts.append(_compared(table.c.date, wanted.date))
    if wanted.merchant is not None:
        parts.append(_text(wanted.merchant, table.c.merchant_key))
    if wanted.text is not None:
        parts.extend(table.c.search_key.contains(word, autoescape=True) for word in search_key(wanted.text).split())
    if wanted.tag is not None:
        parts.append(_tag(wanted.tag, table))
    if wanted.currency is not None:
        parts.append(table.c.currency.in_(list(wanted.currency)))
    if wanted.external_id is not None:
        parts.append(and_(table.c.external_id.is_not(None), table.c.external_id.in_(list(wanted.external_id))))
    return parts


def _weight(value: Any) -> int:
    if isinstance(value, (ReferenceCondition, TextCondition)):
        return len(value.any_of or ()) + 1
    if isinstance(value, str):
        return len(value.split())
    if isinstance(value, (list, tuple)):
        return 0 if value and isinstance(value[0], TransactionFilter) else len(value)
    return 0 if value is None or isinstance(value, TransactionFilter) else 1


def _compared(column: Column[Any], bounds: Any) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if bounds.eq is not None:
        parts.append(column == bounds.eq)
    if bounds.gt is not None:
        parts.append(column > bounds.gt)
    if bounds.gte is not None:
        parts.append(column >= bounds.gte)
    if bounds.lt is not None:
        parts.append(column < bounds.lt)
    if bounds.lte is not None:
        parts.append(column <= bounds.lte)
    return and_(true(), *parts)


def _amount(bounds: AmountCondition, table: Table) -> ColumnElement[bool]:
    by_exponent: dict[int, list[str]] = {}
    for code, exponent in (EXPONENTS | RETIRED).items():
        if bounds.currency in (None, code):
            by_exponent.setdefault(exponent, []).append(code)
    return or_(
        false(),
        *(
            and_(table.c.currency.in_(codes), _minor(bounds, exponent, table.c.amount_minor))
            for exponent, codes in by_exponent.items()
        ),
    )


def _minor(bounds: AmountCondition, exponent: int, column: Column[Any]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if bounds.eq is not None:
        low, high = _minor_units(bounds.eq, exponent, ROUND_FLOOR), _minor_units(bounds.eq, exponent, ROUND_CEILING)
        parts.append(column == low if low == high else false())
    if bounds.gt is not None:
        parts.append(column > _minor_units(bounds.gt, exponent, ROUND_FLOOR))
    if bounds.gte is not None:
        parts.append(column >= _minor_units(bounds.gte, exponent, ROUND_CEILING))
    if bounds.lt is not None:
        parts.append(column < _minor_units(bounds.lt, exponent, ROUND_CEILING))
    if bounds.lte is not None:
        parts.append(column <= _minor_units(bounds.lte, exponent, ROUND_FLOOR))
    return and_(true(), *parts)


def _minor_units(value: Decimal, exponent: int, rounding: str) -> int:
    sign = -1 if value < 0 else 1
    if value and value.adjusted() > _POWER:
        return sign * _BEYOND_ALL
    if value and value.adjusted() < -_POWER:  # nothing is kept so finely: next to zero, on the side rounded to
        return sign if (rounding == ROUND_CEILING) == (sign > 0) else 0
    if len(value.as_tuple().digits) > _EXACT.prec:  # the same for what is longer than anything that is kept
        value = value.quantize(Decimal(1).scaleb(-2 * _POWER), rounding, Context(prec=4 * _POWER))
    return max(-_BEYOND_ALL, min(_BEYOND_ALL, int(value.scaleb(exponent, _EXACT).to_integral_value(rounding, _EXACT))))


def _text(wanted: TextCondition, key: Column[Any]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if wanted.eq is not None:
        parts.append(key == name_key(wanted.eq))
    if wanted.any_of is not None:
        parts.append(key.in_([name_key(text) for text in wanted.any_of]))
    if wanted.starts_with is not None:
        parts.append(key.startswith(name_key(wanted.starts_with), autoescape=True))
    if wanted.contains is not None:
        parts.append(key.contains(name_key(wanted.contains), autoescape=True))
    return and_(true(), *parts)


def _category(wanted: ReferenceCondition, table: Table, below: dict[int, set[int]]) -> ColumnElement[bool]:
    column = table.c.category_id
    parts: list[ColumnElement[bool]] = []
    if wanted.any_of is not None:
        ids = set().union(*(below.get(category_id, {category_id}) for category_id in wanted.any_of))
        parts.append(
            and_(
                column.is_not(None),
                column.in_(sorted(category_id for category_id in ids if 0 < category_id <= LARGEST)),
            )
        )
    if wanted.none is not None:
        parts.append(column.is_(None) if wanted.none else column.is_not(None))
    return and_(true(), *parts)


def _tag(wanted: ReferenceCondition, table: Table) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    if wanted.any_of is not None:
        ids = [tag_id for tag_id in wanted.any_of if 0 < tag_id <= LARGEST]
        if table is tables.transactions:
            index = tables.transaction_tags.c
            parts.append(
                exists().where(
                    index.ledger_id == table.c.ledger_id,
                    index.transaction_id == table.c.id,
                    index.tag_id.in_(ids),
                )
            )
        else:  # the archive has no index of tags: it is small, and read by asOf only
            parts.append(or_(false(), *(table.c.tag_ids.like(f"%|{tag_id}|%") for tag_id in ids)))
    if wanted.none is not None:
        parts.append(table.c.tag_ids == "" if wanted.none else table.c.tag_ids != "")
    return and_(true(), *parts)
