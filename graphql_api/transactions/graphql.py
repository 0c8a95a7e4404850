"""Transactions and their totals in GraphQL."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

import strawberry

from graphql_api.categories.graphql import Category, category
from graphql_api.categories.store import with_descendants
from graphql_api.database.states import Range, SortKey, page
from graphql_api.graph.changes import Entity
from graphql_api.graph.connection import Connection, Listing, PageArguments, connect
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.graph.money import Money
from graphql_api.graph.node import NodeType
from graphql_api.graph.scalars import Month
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST
from graphql_api.tags.graphql import Tag
from graphql_api.tags.store import TAG
from graphql_api.transactions import totals as service
from graphql_api.transactions.conditions import TransactionFilter, read_filter
from graphql_api.transactions.filters import category_ids, check, condition
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Deleted, GroupBy, Totals, not_deleted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Table

    from graphql_api.graph.context import Context

DeletedChoice = strawberry.enum(
    Deleted, name="Deleted", description="Whether deleted transactions are left out, looked at too, or alone."
)
TotalsGroup = strawberry.enum(
    GroupBy, name="TotalsGroup", description="What totals are kept apart by, beside the currency."
)


@strawberry.enum(description="What transactions are sorted by. AMOUNT sorts by currency first.")
class TransactionSort(Enum):
    """Sort keys."""

    DATE = ("date",)
    AMOUNT = ("currency", "amount_minor")
    MERCHANT = ("merchant_key",)
    CREATED = ("id",)


@strawberry.enum(description="Upwards or downwards.")
class SortDirection(Enum):
    """Directions."""

    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="A sort key with its direction.")
class TransactionOrder:
    """One of several."""

    by: TransactionSort
    direction: SortDirection = SortDirection.ASC


@strawberry.type(description="An expense, or a refund if its amount is negative.")
class Transaction(Entity):
    """A transaction at a version."""

    shown: ClassVar[str] = "Transaction"

    @strawberry.field(description="Its number in the ledger, from 1; the id of the REST dialects.")
    def number(self) -> int:
        """The number."""
        return int(self.entity.id)

    @strawberry.field(description="The day on the calendar.")
    def date(self) -> dt.date:
        """The date."""
        return self.entity.date  # type: ignore[no-any-return]  # a model.Transaction's

    @strawberry.field(description="What was paid, negative for a refund.")
    def amount(self) -> Money:
        """The amount."""
        return Money(minor=self.entity.amount_minor, currency=self.entity.currency)

    @strawberry.field(description="Who was paid.")
    def merchant(self) -> str | None:
        """The merchant."""
        return self.entity.merchant or None

    @strawberry.field(description="What it was for.")
    def description(self) -> str | None:
        """The description."""
        return self.entity.description or None

    @strawberry.field(description="What it is filed under.")
    async def category(self, info: GraphInfo) -> Category | None:
        """The category."""
        if self.entity.category_id is None:
            return None
        return await category(info.context, self.entity.ledger_id, self.entity.category_id, self.as_of)

    @strawberry.field(description="Its tags that are not deleted.")
    async def tags(self, info: GraphInfo) -> list[Tag]:
        """The tags."""
        found = await info.context.entities(TAG, self.entity.ledger_id, self.entity.tag_ids, self.as_of)
        return [Tag(entity=entity, as_of=self.as_of) for entity in found]

    @strawberry.field(description="The id that another system gave it, unique in the ledger.")
    def external_id(self) -> str | None:
        """The external id."""
        return self.entity.external_id  # type: ignore[no-any-return]  # a model.Transaction's


TRANSACTION_NODE = NodeType("Transaction", TRANSACTION, lambda entity, as_of: Transaction(entity=entity, as_of=as_of))


@strawberry.type(description="The sum and count of one group of transactions, in one currency.")
class Total:
    """A group."""

    total: strawberry.Private[service.Total]
    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="The exact sum, refunds taken off.")
    def amount(self) -> Money:
        """The sum."""
        return Money(minor=self.total.amount_minor, currency=self.total.currency)

    @strawberry.field(description="How many transactions.")
    def count(self) -> int:
        """The count."""
        return self.total.count

    @strawberry.field(description="The year, if grouped by YEAR.")
    def year(self) -> int | None:
        """The year."""
        return self.total.year

    @strawberry.field(description="The month, if grouped by MONTH.")
    def month(self) -> Month | None:
        """The month."""
        return None if self.total.month is None else Month(self.total.month)

    @strawberry.field(description="The day, if grouped by DATE.")
    def date(self) -> dt.date | None:
        """The day."""
        return self.total.date

    @strawberry.field(description="The merchant, if grouped by MERCHANT; null for transactions without one.")
    def merchant(self) -> str | None:
        """The merchant."""
        return self.total.merchant or None

    @strawberry.field(description="The category, if grouped by CATEGORY; null for transactions without one.")
    async def category(self, info: GraphInfo) -> Category | None:
        """The category."""
        if not self.total.category_id:
            return None
        return await category(info.context, self.viewed.ledger.id, self.total.category_id, self.viewed.as_of)


@strawberry.type
class TransactionFields:
    """A ledger's fields of transactions."""

    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="The transactions, the latest first if no order is given.")
    async def transactions(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: TransactionFilter | None = None,
        order_by: list[TransactionOrder] | None = None,
        deleted: DeletedChoice = Deleted.EXCLUDE,  # type: ignore[valid-type]  # an enum made by a call
    ) -> Connection[Transaction]:
        """A page of transactions."""
        context, ledger_id, as_of = info.context, self.viewed.ledger.id, self.viewed.as_of
        wanted = await read_filter(context, self.viewed, filter)
        check(wanted)
        below = await with_descendants(context.snapshot, ledger_id, category_ids(wanted), as_of)

        def where(table: Table) -> Sequence[ColumnElement[bool]]:
            return [*not_deleted(table, deleted), condition(wanted, table, below)]

        async def count() -> int:
            return await service.count(context.snapshot, ledger_id, Totals(wanted=wanted, deleted=deleted, as_of=as_of))

        listing = Listing(
            kind=TRANSACTION,
            ledger_id=ledger_id,
            as_of=as_of,
            where=where,
            keys=sort_keys(order_by),
            name=f"{deleted} {wanted}",
            node=lambda entity: Transaction(entity=entity, as_of=as_of),
            count=count,
        )
        return await connect(context, listing, PageArguments(first, after, last, before))

    @strawberry.field(description="The transaction with this number or external id, deleted or not.")
    async def transaction(
        self, info: GraphInfo, number: int | None = None, external_id: str | None = None
    ) -> Transaction | None:
        """One transaction."""
        if (number is None) == (external_id is None):
            raise Refused.because(Code.INVALID, "Give either number or externalId.", "number")
        return await _one(info.context, self.viewed, number, external_id)

    @strawberry.field(description="Sums and counts, never across currencies, in the order of what they are grouped by.")
    async def totals(
        self,
        info: GraphInfo,
        filter: TransactionFilter | None = None,
        group_by: list[TotalsGroup] | None = None,  # type: ignore[valid-type]  # an enum made by a call
        deleted: DeletedChoice = Deleted.EXCLUDE,  # type: ignore[valid-type]  # an enum made by a call
    ) -> list[Total]:
        """The totals."""
        return await totals_of(info.context, self.viewed, filter, group_by, deleted)


async def totals_of(
    context: Context,
    viewed: Viewed,
    filter: TransactionFilter | None,
    group_by: Sequence[GroupBy] | None,
    deleted: Deleted,
) -> list[Total]:
    """The totals of a ledger as it is looked at."""
    wanted = await read_filter(context, viewed, filter)
    query = Totals(wanted=wanted, group_by=tuple(group_by or ()), deleted=deleted, as_of=viewed.as_of)
    found = await service.totals(context.snapshot, viewed.ledger.id, query)
    return [Total(total=total, viewed=viewed) for total in found]


def sort_keys(orders: Sequence[TransactionOrder] | None) -> tuple[SortKey, ...]:
    """The columns that an order names, each once, and the number to make it total."""
    if not orders:
        orders = [TransactionOrder(by=TransactionSort.DATE, direction=SortDirection.DESC)]
    keys: dict[str, SortKey] = {}
    for order in orders:
        descending = order.direction is SortDirection.DESC
        for column in order.by.value:
            keys.setdefault(column, SortKey(column, descending))
    keys.setdefault("id", SortKey("id", orders[-1].direction is SortDirection.DESC))
    # what follows the number decides nothing any more
    names = list(keys)
    return tuple(keys[name] for name in names[: names.index("id") + 1])


async def _one(context: Context, viewed: Viewed, number: int | None, external_id: str | None) -> Transaction | None:
    if number is not None:
        entity = await context.entity(TRANSACTION, viewed.ledger.id, min(number, LARGEST), viewed.as_of)
    else:
        found = await page(
            context.snapshot,
            TRANSACTION,
            viewed.ledger.id,
            viewed.as_of,
            lambda table: (table.c.external_id == external_id,),
            (SortKey("id"),),
            Range(1),
        )
        entity = found[0] if found else None
    return None if entity is None else Transaction(entity=entity, as_of=viewed.as_of)
