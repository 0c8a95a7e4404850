"""The filter as GraphQL takes it, and what it means in the service's terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.categories.store import CATEGORY
from graphql_api.database.states import ids_where, live
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import parse_entity_id
from graphql_api.ledgers.money import parse_currency
from graphql_api.ledgers.text import clean, name_key
from graphql_api.tags.store import TAG
from graphql_api.transactions import filters
from graphql_api.transactions.filters import DEEPEST, MOST_CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.database.kinds import Kind
    from graphql_api.graph.context import Context, Viewed

_LONGEST = 200


@strawberry.input(description="Bounds on the amount, in major units of each transaction's own currency.")
class AmountFilter:
    """All that are given hold."""

    currency: str | None = strawberry.field(default=None, description="Only amounts in this currency.")
    eq: Decimal | None = None
    gt: Decimal | None = None
    gte: Decimal | None = None
    lt: Decimal | None = None
    lte: Decimal | None = None


@strawberry.input(description="Bounds on the date.")
class DateFilter:
    """All that are given hold."""

    eq: date | None = None
    gt: date | None = None
    gte: date | None = None
    lt: date | None = None
    lte: date | None = None


@strawberry.input(description="A text, compared without regard to case and accents.")
class TextFilter:
    """All that are given hold."""

    eq: str | None = None
    in_: list[str] | None = strawberry.field(default=None, name="in")
    starts_with: str | None = None
    contains: str | None = None


@strawberry.input(description="The category. Those below a category count as it.")
class CategoryFilter:
    """All that are given hold."""

    in_: list[strawberry.ID] | None = strawberry.field(default=None, name="in", description="One of these.")
    named: list[str] | None = strawberry.field(default=None, description="One with one of these names.")
    none: bool | None = strawberry.field(default=None, description="true: without a category; false: with one.")


@strawberry.input(description="The tags.")
class TagFilter:
    """All that are given hold."""

    in_: list[strawberry.ID] | None = strawberry.field(default=None, name="in", description="At least one of these.")
    named: list[str] | None = strawberry.field(default=None, description="At least one with one of these names.")
    none: bool | None = strawberry.field(default=None, description="true: without tags; false: with some.")


@strawberry.input(
    description=f"Which transactions: all that is given must hold. At most {DEEPEST} levels deep and "
    f"{MOST_CONDITIONS} conditions and listed values large."
)
class TransactionFilter:
    """A tree of conditions."""

    and_: list[TransactionFilter] | None = strawberry.field(default=None, name="and")
    or_: list[TransactionFilter] | None = strawberry.field(default=None, name="or")
    not_: TransactionFilter | None = strawberry.field(default=None, name="not")
    amount: AmountFilter | None = None
    date: DateFilter | None = None
    merchant: TextFilter | None = None
    text: str | None = strawberry.field(
        default=None, description="Words that merchant or description contain, all of them."
    )
    category: CategoryFilter | None = None
    tag: TagFilter | None = None
    currency: list[str] | None = strawberry.field(default=None, description="One of these currencies.")
    external_id: list[str] | None = strawberry.field(default=None, description="One of these external ids.")


async def read_filter(
    context: Context, viewed: Viewed, given: TransactionFilter | None, level: int = 1
) -> filters.TransactionFilter:
    """The filter in the service's terms; ids and names become numbers of the ledger."""
    if given is None:
        return filters.EVERYTHING
    if level > DEEPEST:
        raise Refused.because(Code.FILTER_INVALID, f"A filter is nested at most {DEEPEST} levels deep.", "filter")

    async def inner(children: list[TransactionFilter] | None) -> list[filters.TransactionFilter] | None:
        if children is None:
            return None
        if len(children) > MOST_CONDITIONS:
            message = f"A filter holds at most {MOST_CONDITIONS} conditions and listed values."
            raise Refused.because(Code.FILTER_INVALID, message, "filter")
        return [await read_filter(context, viewed, child, level + 1) for child in children]

    return filters.TransactionFilter(
        all_of=await inner(given.and_),
        any_of=await inner(given.or_),
        none_of=None if given.not_ is None else await read_filter(context, viewed, given.not_, level + 1),
        amount=_amount(given.amount),
        date=None if given.date is None else filters.DateCondition(**vars(given.date)),
        merchant=_text(given.merchant),
        text=_clean(given.text, "text"),
        category=await _reference(context, viewed, CATEGORY, "Category", given.category),
        tag=await _reference(context, viewed, TAG, "Tag", given.tag),
        currency=None if given.currency is None else [parse_currency(code, "currency") for code in given.currency],
        external_id=_texts(given.external_id, "externalId"),
    )


def _amount(given: AmountFilter | None) -> filters.AmountCondition | None:
    if given is None:
        return None
    if given.currency is not None:
        parse_currency(given.currency, "amount", "currency")
    return filters.AmountCondition(**vars(given))


def _text(given: TextFilter | None) -> filters.TextCondition | None:
    if given is None:
        return None
    return filters.TextCondition(
        eq=_clean(given.eq, "merchant", "eq"),
        any_of=_texts(given.in_, "merchant", "in"),
        starts_with=_clean(given.starts_with, "merchant", "startsWith"),
        contains=_clean(given.contains, "merchant", "contains"),
    )


async def _reference(
    context: Context, viewed: Viewed, kind: Kind[Any], type_name: str, given: CategoryFilter | TagFilter | None
) -> filters.ReferenceCondition | None:
    if given is None:
        return None
    ledger_id, field = viewed.ledger.id, type_name.lower()
    ids: list[int] | None = None
    if given.in_ is not None:
        _bounded(given.in_)
        ids = [parse_entity_id(one, type_name, field, "in", ledger_id=ledger_id)[1] for one in given.in_]
    names = _texts(given.named, field, "named")
    if names is not None:
        keys = [name_key(name) for name in names]
        named = await ids_where(
            context.snapshot,
            kind,
            ledger_id,
            viewed.as_of,
            lambda table: (table.c.name_key.in_(keys), *live(table)),
        )
        ids = named if ids is None else [one for one in ids if one in named]
    return filters.ReferenceCondition(any_of=ids, none=given.none)


def _clean(text: str | None, *path: str) -> str | None:
    return None if text is None else clean(text, *path, longest=_LONGEST)


def _texts(texts: Sequence[str] | None, *path: str) -> list[str] | None:
    if texts is None:
        return None
    _bounded(texts)
    return [clean(text, *path, longest=_LONGEST) for text in texts]


def _bounded(values: Sequence[Any]) -> None:
    if len(values) > MOST_CONDITIONS:
        message = f"A filter holds at most {MOST_CONDITIONS} conditions and listed values."
        raise Refused.because(Code.FILTER_INVALID, message, "filter")
