"""Sums and counts of transactions, exact and never across currencies.

Totals by year, month, category and currency come from the running sums that the writer keeps, whatever the number of
transactions; all others, and those of an earlier version, from a scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, extract, func, literal, select

from graphql_api.categories.store import with_descendants
from graphql_api.database import tables
from graphql_api.database.states import sources
from graphql_api.ledgers.calendar import first_of, month_of
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST
from graphql_api.transactions.filters import TransactionFilter, category_ids, check, condition
from graphql_api.transactions.store import TRANSACTION

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Select, Table

    from graphql_api.database.reader import Snapshot
    from graphql_api.transactions.filters import DateCondition, ReferenceCondition

MOST_GROUPS = 10_000
"""Rows that one answer may hold."""

_PART = 1_000_000_000


class GroupBy(Enum):
    """What totals are kept apart by, beside the currency."""

    YEAR = "year"
    MONTH = "month"
    DATE = "date"
    CATEGORY = "category"
    MERCHANT = "merchant"
    CURRENCY = "currency"


class Deleted(Enum):
    """Whether deleted transactions are looked at."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One group: `amount_minor` is the exact sum in minor units of `currency`; what is not grouped by is None.

    `category_id` 0 and `merchant` "" stand for transactions without one.
    """

    currency: str
    year: int | None = None
    month: date | None = None
    date: date | None = None
    category_id: int | None = None
    merchant: str | None = None
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What is asked for: of which transactions, at which version (None: at present), by what."""

    wanted: TransactionFilter
    group_by: tuple[GroupBy, ...] = ()
    deleted: Deleted = Deleted.EXCLUDE
    as_of: int | None = None
    rescan: bool = False


async def totals(snapshot: Snapshot, ledger_id: int, query: Totals) -> list[Total]:
    """The groups that have transactions, in the order of what they are grouped by. `rescan` leaves the sums aside."""
    check(query.wanted)
    below = await with_descendants(snapshot, ledger_id, category_ids(query.wanted), query.as_of)
    kept = None if query.rescan else _from_sums(ledger_id, query, below)
    statements = [kept] if kept is not None else _scans(ledger_id, query, below)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for statement in statements:
        for row in await snapshot.rows(ledger_id, _with_sum(statement, snapshot.dialect)):
            *key, name, count, high, low = row
            group = groups.setdefault(tuple(key), [name, 0, 0])
            group[0] = min(group[0], name)
            group[1] += int(count)
            group[2] += int(high) * _PART + int(low)
    if len(groups) > MOST_GROUPS:
        message = f"There are more than {MOST_GROUPS:,} groups: narrow the filter or group by less."
        raise Refused.because(Code.FILTER_INVALID, message, "groupBy")
    found = [_total(query, key, *group) for key, group in groups.items() if group[1]]
    return sorted(found, key=_order)


async def count(snapshot: Snapshot, ledger_id: int, query: Totals) -> int:
    """How many transactions, of all currencies."""
    return sum(total.count for total in await totals(snapshot, ledger_id, query))


@dataclass(frozen=True, slots=True)
class _Statement:
    groups: list[ColumnElement[Any]]
    name: ColumnElement[Any]
    number: ColumnElement[Any]
    amount: ColumnElement[Any]
    where: list[ColumnElement[bool]]


def _with_sum(statement: _Statement, dialect: str) -> Select[Any]:
    parts: tuple[ColumnElement[Any], ColumnElement[Any]]
    if dialect == "sqlite":  # its SUM is of 64 bits: sum the halves, each in range
        parts = (func.sum(statement.amount.op("/")(_PART)), func.sum(statement.amount.op("%")(_PART)))
    else:  # a DECIMAL of any length
        parts = (func.sum(statement.amount).op("DIV")(_PART), func.mod(func.sum(statement.amount), _PART))
    name = func.min(statement.name)
    selected = select(*statement.groups, name, statement.number, *parts).where(*statement.where)
    return selected.group_by(*statement.groups).limit(MOST_GROUPS + 1)


def _scans(ledger_id: int, query: Totals, below: dict[int, set[int]]) -> list[_Statement]:
    found = []
    for table, where in sources(TRANSACTION, ledger_id, query.as_of):
        columns: dict[GroupBy, ColumnElement[Any]] = {
            GroupBy.YEAR: extract("year", table.c.date),
            GroupBy.MONTH: extract("year", table.c.date) * 100 + extract("month", table.c.date),
            GroupBy.DATE: table.c.date,
            GroupBy.CATEGORY: func.coalesce(table.c.category_id, 0),
            GroupBy.MERCHANT: table.c.merchant_key,
        }
        found.append(
            _Statement(
                [table.c.currency, *(columns[key] for key in _keys(query))],
                table.c.merchant,
                func.count(),
                table.c.amount_minor,
                [where, *not_deleted(table, query.deleted), condition(query.wanted, table, below)],
            )
        )
    return found


def not_deleted(table: Table, deleted: Deleted) -> list[ColumnElement[bool]]:
    """The condition on the deletion mark."""
    return [] if deleted is Deleted.INCLUDE else [table.c.deleted == literal(deleted is Deleted.ONLY)]


def _from_sums(ledger_id: int, query: Totals, below: dict[int, set[int]]) -> _Statement | None:
    """The same from the running sums, where they know all that is asked for."""
    if query.as_of is not None or query.deleted is not Deleted.EXCLUDE:
        return None
    if {GroupBy.DATE, GroupBy.MERCHANT}.intersection(query.group_by):
        return None
    conditions = _sums_condition(query.wanted, below)
    if conditions is None:
        return None
    sums = tables.transaction_sums.c
    columns: dict[GroupBy, ColumnElement[Any]] = {
        GroupBy.YEAR: sums.month // 100,
        GroupBy.MONTH: sums.month,
        GroupBy.CATEGORY: sums.category_id,
    }
    groups = [sums.currency, *(columns[key] for key in _keys(query))]
    return _Statement(
        groups,
        sums.currency,
        func.sum(sums.transactions),
        sums.amount_minor,
        [sums.ledger_id == ledger_id, *conditions],
    )


def _sums_condition(wanted: TransactionFilter, below: dict[int, set[int]]) -> list[ColumnElement[bool]] | None:
    sums = tables.transaction_sums.c
    others = (
        wanted.any_of,
        wanted.none_of,
        wanted.amount,
        wanted.merchant,
        wanted.text,
        wanted.tag,
        wanted.external_id,
    )
    if any(part is not None for part in others):
        return None
    parts: list[ColumnElement[bool]] = []
    for child in wanted.all_of or ():
        inner = _sums_condition(child, below)
        if inner is None:
            return None
        parts.extend(inner)
    if wanted.currency is not None:
        parts.append(sums.currency.in_(list(wanted.currency)))
    if wanted.category is not None:
        parts.extend(_sums_category(wanted.category, below))
    if wanted.date is not None:
        months = _whole_months(wanted.date)
        if months is None:
            return None
        parts.extend(months)
    return parts


def _sums_category(wanted: ReferenceCondition, below: dict[int, set[int]]) -> list[ColumnElement[bool]]:
    column = tables.transaction_sums.c.category_id
    parts: list[ColumnElement[bool]] = []
    if wanted.any_of is not None:
        ids = set[int]().union(*(below.get(category_id, {category_id}) for category_id in wanted.any_of))
        parts.append(column.in_(sorted(category_id for category_id in ids if 0 < category_id <= LARGEST)))
    if wanted.none is not None:
        parts.append(column == 0 if wanted.none else column != 0)
    return parts


def _whole_months(bounds: DateCondition) -> list[ColumnElement[bool]] | None:
    month = tables.transaction_sums.c.month
    if bounds.eq is not None or bounds.gt is not None or bounds.lte is not None:
        return None
    if any(bound is not None and bound.day != 1 for bound in (bounds.gte, bounds.lt)):
        return None
    parts = []
    if bounds.gte is not None:
        parts.append(month >= month_of(bounds.gte))
    if bounds.lt is not None:
        parts.append(month < month_of(bounds.lt))
    return parts


def _keys(query: Totals) -> list[GroupBy]:
    return [key for key in GroupBy if key in query.group_by and key is not GroupBy.CURRENCY]


def _total(query: Totals, key: tuple[Any, ...], name: Any, number: int, amount_minor: int) -> Total:
    values: dict[str, Any] = {}
    for group, value in zip(_keys(query), key[1:], strict=True):
        match group:
            case GroupBy.CATEGORY:
                values["category_id"] = int(value)
            case GroupBy.MONTH:
                values["month"] = first_of(int(value))
            case GroupBy.YEAR:
                values["year"] = int(value)
            case GroupBy.MERCHANT:
                values["merchant"] = name
            case _:
                values[group.value] = value
    return Total(currency=key[0], count=number, amount_minor=amount_minor, **values)


def _order(total: Total) -> tuple[Any, ...]:
    return (
        total.year or 0,
        str(total.month or ""),
        str(total.date or ""),
        total.category_id or 0,
        total.merchant or "",
        total.currency,
    )
