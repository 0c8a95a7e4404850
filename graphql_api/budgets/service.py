"""Setting budgets, and what is spent of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql_api.budgets.model import Budget
from graphql_api.budgets.store import BUDGET, same_place
from graphql_api.database.commands import one_row
from graphql_api.ledgers.calendar import first_of, month_of, parse_month
from graphql_api.ledgers.errors import Code, Problems, Refused
from graphql_api.ledgers.money import parse_amount, parse_currency
from graphql_api.transactions.filters import DateCondition, ReferenceCondition, TransactionFilter
from graphql_api.transactions.totals import Totals, totals

if TYPE_CHECKING:
    from datetime import date

    from graphql_api.database.book import Book
    from graphql_api.database.reader import Snapshot
    from graphql_api.database.writer import Envelope, Write

_DECEMBER = 12


def set_budget(
    envelope: Envelope,
    *,
    month: object,
    amount: Any,
    currency: str | None,
    category_id: int | None,
    if_version: int | None = None,
) -> Write:
    """A write that sets the limit of a month, category and currency, whether there was one before or not."""

    async def apply(book: Book) -> Budget:
        wanted = _checked(book, month=month, amount=amount, currency=currency, category_id=category_id)
        known = await same_place(book, wanted)
        live = next((budget for budget in known if not budget.deleted), None)
        if if_version is not None and (live is None or live.version != if_version):
            at = "there is none now" if live is None else f"it is at version {live.version}"
            raise Refused.because(Code.VERSION_CONFLICT, f"The budget was changed since: {at}.", "ifVersion")
        if live is None:
            await BUDGET.check(book, wanted)
            return book.create(BUDGET, wanted)
        return book.update(BUDGET, live, replace(live, amount_minor=wanted.amount_minor))

    return one_row(envelope, apply)


async def spent(snapshot: Snapshot, budget: Budget, as_of: int | None) -> int:
    """Minor units spent in the budget's month, currency and category (with all below it), refunds taken off."""
    start = first_of(budget.month)
    category = None if budget.category_id is None else ReferenceCondition(any_of=(budget.category_id,))
    wanted = TransactionFilter(
        date=DateCondition(gte=start, lt=_next_month(start)), currency=(budget.currency,), category=category
    )
    found = await totals(snapshot, budget.ledger_id, Totals(wanted=wanted, as_of=as_of))
    return sum(total.amount_minor for total in found)


def _checked(book: Book, *, month: object, amount: Any, currency: str | None, category_id: int | None) -> Budget:
    problems = Problems()
    values: dict[str, Any] = {}
    with problems:
        values["month"] = month_of(parse_month(month, "month"))
    with problems:
        values["currency"] = parse_currency(currency or book.ledger.currency, "amount", "currency")
        values["amount_minor"] = parse_amount(amount, values["currency"], "amount", "value")
        if values["amount_minor"] < 0:
            raise Refused.because(Code.AMOUNT_OUT_OF_RANGE, "A budget is not negative.", "amount", "value")
    problems.check()
    return Budget(ledger_id=0, id=0, category_id=category_id, **values)


def _next_month(start: date) -> date | None:
    if start.month < _DECEMBER:
        return start.replace(month=start.month + 1)
    return start.replace(year=start.year + 1, month=1) if start.year < start.max.year else None
