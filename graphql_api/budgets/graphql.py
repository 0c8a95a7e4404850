"""Budgets in GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import strawberry

from graphql_api.budgets.service import set_budget, spent
from graphql_api.budgets.store import BUDGET
from graphql_api.categories.graphql import Category, category, category_number
from graphql_api.database.states import SortKey, count, live
from graphql_api.graph.changes import Entity
from graphql_api.graph.connection import Connection, Listing, PageArguments, connect
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.graph.money import Money, MoneyInput
from graphql_api.graph.mutation import (
    DRY_RUN,
    IF_VERSION,
    KEY,
    OWN_LEDGER,
    Done,
    EntityInput,
    Payload,
    delete_one,
    perform,
    purge_one,
    restore_one,
    sealed,
)
from graphql_api.graph.node import NodeType
from graphql_api.graph.scalars import Month
from graphql_api.ledgers.calendar import first_of, month_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Table

    from graphql_api.database.writer import Write
    from graphql_api.graph.context import Context


@strawberry.type(description="What is meant to be spent in a month, on a category with all below it or on all.")
class Budget(Entity):
    """A budget at a version."""

    shown: ClassVar[str] = "Budget"

    @strawberry.field(description="The month.")
    def month(self) -> Month:
        """The month."""
        return Month(first_of(self.entity.month))

    @strawberry.field(description="The category, null for all that is spent.")
    async def category(self, info: GraphInfo) -> Category | None:
        """The category."""
        if self.entity.category_id is None:
            return None
        return await category(info.context, self.entity.ledger_id, self.entity.category_id, self.as_of)

    @strawberry.field(description="What is meant to be spent.")
    def amount(self) -> Money:
        """The limit."""
        return Money(minor=self.entity.amount_minor, currency=self.entity.currency)

    @strawberry.field(description="What is spent in this currency, refunds taken off.")
    async def spent(self, info: GraphInfo) -> Money:
        """The sum."""
        return Money(minor=await self._spent(info.context), currency=self.entity.currency)

    @strawberry.field(description="What is left of it, negative if it is overspent.")
    async def remaining(self, info: GraphInfo) -> Money:
        """The limit less the sum."""
        minor = self.entity.amount_minor - await self._spent(info.context)
        return Money(minor=minor, currency=self.entity.currency)

    async def _spent(self, context: Context) -> int:
        async def load(ids: list[int]) -> list[int]:
            return [await spent(context.snapshot, self.entity, self.as_of) for _ in ids]

        key = ("spent", self.entity.ledger_id, self.entity.id, self.as_of)
        return int(await context.loader(key, load).load(self.entity.id))


BUDGET_NODE = NodeType("Budget", BUDGET, lambda entity, as_of: Budget(entity=entity, as_of=as_of))


@strawberry.type
class BudgetFields:
    """A ledger's fields of budgets."""

    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="The budgets that are not deleted, by month; of one month if it is given.")
    async def budgets(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        month: Month | None = None,
    ) -> Connection[Budget]:
        """A page of budgets."""
        context, ledger_id, as_of = info.context, self.viewed.ledger.id, self.viewed.as_of

        def where(table: Table) -> Sequence[ColumnElement[bool]]:
            return [*live(table), *([] if month is None else [table.c.month == month_of(month)])]

        listing = Listing(
            kind=BUDGET,
            ledger_id=ledger_id,
            as_of=as_of,
            where=where,
            keys=(SortKey("month"), SortKey("id")),
            name=f"month {month}",
            node=lambda entity: Budget(entity=entity, as_of=as_of),
            count=lambda: count(context.snapshot, BUDGET, ledger_id, as_of, where),
        )
        return await connect(context, listing, PageArguments(first, after, last, before))


@strawberry.input(description="The limit of a month, category and currency.")
class SetBudgetInput:
    """What a budget is made of."""

    month: Month
    amount: MoneyInput
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="With all categories below it; null: all that is spent."
    )
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The budget as it was left.")
class BudgetPayload(Payload):
    """A budget's payload."""

    budget: Budget | None


@strawberry.type
class BudgetMutations:
    """The mutations of budgets."""

    @strawberry.mutation(description="Set the limit of a month, category and currency, whether there was one or not.")
    async def set_budget(self, info: GraphInfo, input: SetBudgetInput) -> BudgetPayload:
        """Set."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            return ledger_id, set_budget(
                sealed(context, "setBudget", input),
                month=f"{input.month.year:04}-{input.month.month:02}",
                amount=input.amount.value,
                currency=input.amount.currency,
                category_id=category_number(input.category_id, ledger_id, "categoryId"),
                if_version=input.if_version,
            )

        return _payload(await perform(context, build))

    @strawberry.mutation(description="Delete a budget.")
    async def delete_budget(self, info: GraphInfo, input: EntityInput) -> BudgetPayload:
        """Delete."""
        return _payload(await delete_one(info.context, BUDGET_NODE, "deleteBudget", input))

    @strawberry.mutation(description="Restore a deleted budget.")
    async def restore_budget(self, info: GraphInfo, input: EntityInput) -> BudgetPayload:
        """Restore."""
        return _payload(await restore_one(info.context, BUDGET_NODE, "restoreBudget", input))

    @strawberry.mutation(description="Remove a deleted budget for good, from the history too.")
    async def purge_budget(self, info: GraphInfo, input: EntityInput) -> BudgetPayload:
        """Purge."""
        return _payload(await purge_one(info.context, BUDGET_NODE, "purgeBudget", input))


def _payload(done: Done) -> BudgetPayload:
    budget = None if done.entity is None else Budget(entity=done.entity, as_of=None)
    return BudgetPayload(**done.common, budget=budget)
