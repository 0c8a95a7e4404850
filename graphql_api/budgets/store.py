"""Where budgets are kept, and the rules with other entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.budgets.model import Budget
from graphql_api.categories.store import live_category
from graphql_api.database import tables
from graphql_api.database.kinds import Kind
from graphql_api.ledgers.errors import Code, Refused

if TYPE_CHECKING:
    from graphql_api.database.book import Book


async def _check(book: Book, budget: Budget, _: Budget | None = None) -> None:
    if budget.deleted:
        return
    if budget.category_id is not None:
        await live_category(book, budget.category_id, "categoryId")
    others = [other for other in await same_place(book, budget) if other.id != budget.id and not other.deleted]
    if others:
        raise Refused.because(Code.ALREADY_EXISTS, "There is a budget for this month, category and currency.", "month")


async def same_place(book: Book, budget: Budget) -> list[Budget]:
    """All budgets of the same month, category and currency, deleted ones too."""
    of_month = (await book.find(BUDGET, "month", [budget.month]))[budget.month]
    return [other for other in of_month if (other.category_id, other.currency) == (budget.category_id, budget.currency)]


BUDGET = Kind(name="budget", entity=Budget, table=tables.budgets, archive=tables.budgets_archive, check=_check)
