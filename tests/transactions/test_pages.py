"""Walking pages gives the whole list, under any filter and order, now and in the past, forwards and backwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Table

from graphql_api.categories.service import create_category
from graphql_api.categories.store import with_descendants
from graphql_api.database.database import Database
from graphql_api.database.reader import Snapshot
from graphql_api.database.states import Range, SortKey, by_ids, page
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.filters import (
    EVERYTHING,
    AmountCondition,
    TransactionFilter,
    category_ids,
    check,
    condition,
)
from graphql_api.transactions.model import Draft, Transaction
from graphql_api.transactions.service import Create, Delete, Operation, Update, batch, single
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import GroupBy, Total, Totals, totals
from tests.database.drafts import OWNER, add, draft
from tests.database.plugin import Statements
from tests.hypotheses import examples
from tests.transactions.matching import in_order, matches, sort_value
from tests.transactions.strategies import FILTERS, ORDERS, contents

pytestmark = pytest.mark.anyio

PARENTS = {1: None, 2: 1, 3: 2, 4: None}


@dataclass
class Shelf:
    """A ledger with the transactions that it had at each version."""

    database: Database
    ledger: Ledger
    versions: dict[int | None, list[Transaction]]

    async def walk(
        self,
        wanted: TransactionFilter,
        keys: Sequence[SortKey],
        size: int,
        *,
        as_of: int | None = None,
        backwards: bool = False,
    ) -> list[Transaction]:
        """All pages one after another."""
        found: list[Transaction] = []
        place: tuple[Any, ...] | None = None
        while True:
            bounds = {"before": place} if backwards else {"after": place}
            some = await self.page(wanted, keys, Range(limit=size, backwards=backwards, **bounds), as_of)
            found = [*some, *found] if backwards else [*found, *some]
            if len(some) < size:
                return found
            place = self.place(some[0 if backwards else -1], keys)

    async def page(
        self, wanted: TransactionFilter, keys: Sequence[SortKey], some: Range, as_of: int | None = None
    ) -> list[Transaction]:
        """One page."""
        check(wanted)
        async with self.database.snapshot() as snapshot:
            below = await with_descendants(snapshot, self.ledger.id, category_ids(wanted), as_of)

            def where(table: Table) -> Sequence[ColumnElement[bool]]:
                return [condition(wanted, table, below)]

            return await page(snapshot, TRANSACTION, self.ledger.id, as_of, where, keys, some)

    @staticmethod
    def place(transaction: Transaction, keys: Sequence[SortKey]) -> tuple[Any, ...]:
        """Where a transaction stands in an order."""
        return tuple(sort_value(transaction, key.column) for key in keys)


async def shelf_of(database: Database, made: Sequence[Draft], patches: Sequence[tuple[int, Draft | None]]) -> Shelf:
    """A ledger with a tree of categories; transactions at version 6, some of them changed or deleted at 7."""
    ledger = await database.create_ledger("owner", name="Household", currency="USD")
    for category_id, parent_id in PARENTS.items():
        await database.write(ledger.id, create_category(OWNER, f"Category {category_id}", parent_id))
    rows = [Create(replace(one, external_id=str(number) if number % 2 else None)) for number, one in enumerate(made)]
    await database.write(ledger.id, batch(OWNER, rows, atomic=True))
    changes: list[Operation] = [
        Delete(number + 1) if patch is None else Update(number + 1, patch)
        for number, patch in patches
        if number < len(made)
    ]
    await database.write(ledger.id, batch(OWNER, changes, atomic=False))
    versions: dict[int | None, list[Transaction]] = {}
    async with database.snapshot() as snapshot:
        last = (await snapshot.ledger(ledger.id)).version
        for version in (None, 5, 6, 7):
            at = version and min(version, last)  # changes that changed nothing made no version
            versions[version] = await everything(snapshot, ledger, len(made), at)
    return Shelf(database, ledger, versions)


async def everything(snapshot: Snapshot, ledger: Ledger, count: int, version: int | None) -> list[Transaction]:
    return list((await by_ids(snapshot, TRANSACTION, ledger.id, range(1, count + 1), version)).values())


MADE = st.lists(contents(), min_size=1, max_size=25)
PATCHES = st.lists(st.tuples(st.integers(0, 24), st.none() | contents()), max_size=8)


VERSIONS = st.sampled_from([None, 5, 6, 7])
WALKS = st.tuples(FILTERS, ORDERS, st.integers(1, 7), VERSIONS)
BETWEEN = st.tuples(st.integers(0, 24), st.integers(0, 24), st.booleans())


@settings(max_examples=examples(12))
@given(made=MADE, patches=PATCHES, walks=st.lists(WALKS, min_size=1, max_size=4), between=BETWEEN)
async def test_pages_are_the_whole_list(
    database: Database,
    made: list[Draft],
    patches: list[tuple[int, Draft | None]],
    walks: list[tuple[TransactionFilter, list[SortKey], int, int | None]],
    between: tuple[int, int, bool],
) -> None:
    shelf = await shelf_of(database, made, patches)
    for wanted, keys, size, as_of in walks:
        found = [one for one in shelf.versions[as_of] if matches(wanted, one, PARENTS)]
        expected = in_order(found, keys)
        assert await shelf.walk(wanted, keys, size, as_of=as_of) == expected
        assert await shelf.walk(wanted, keys, size, as_of=as_of, backwards=True) == expected
        if expected:
            first, last = sorted(number % len(expected) for number in between[:2])
            some = Range(
                limit=100,
                after=shelf.place(expected[first], keys),
                before=shelf.place(expected[last], keys),
                backwards=between[2],
            )
            assert await shelf.page(wanted, keys, some, as_of) == expected[first + 1 : last]


SUMS = st.tuples(FILTERS, st.sets(st.sampled_from(GroupBy)).map(tuple), VERSIONS, st.booleans())


@settings(max_examples=examples(10))
@given(made=MADE, patches=PATCHES, queries=st.lists(SUMS, min_size=1, max_size=4))
async def test_totals_are_the_sums_of_the_list(
    database: Database,
    made: list[Draft],
    patches: list[tuple[int, Draft | None]],
    queries: list[tuple[TransactionFilter, tuple[GroupBy, ...], int | None, bool]],
) -> None:
    shelf = await shelf_of(database, made, patches)
    async with database.snapshot() as snapshot:
        for wanted, group_by, as_of, rescan in queries:
            query = Totals(wanted=wanted, group_by=group_by, as_of=as_of, rescan=rescan)
            live = [one for one in shelf.versions[as_of] if not one.deleted and matches(wanted, one, PARENTS)]
            assert await totals(snapshot, shelf.ledger.id, query) == _summed(live, group_by)


def _summed(transactions: Sequence[Transaction], group_by: Sequence[GroupBy]) -> list[Total]:
    groups: dict[tuple[Any, ...], list[Transaction]] = {}
    for one in transactions:
        key = (
            one.date.year if GroupBy.YEAR in group_by else None,
            one.date.replace(day=1) if GroupBy.MONTH in group_by else None,
            one.date if GroupBy.DATE in group_by else None,
            (one.category_id or 0) if GroupBy.CATEGORY in group_by else None,
            sort_value(one, "merchant_key") if GroupBy.MERCHANT in group_by else None,
            one.currency,
        )
        groups.setdefault(key, []).append(one)
    found = [
        Total(
            currency=currency,
            year=year,
            month=month,
            date=day,
            category_id=category_id,
            merchant=None if merchant is None else min(one.merchant for one in members),
            count=len(members),
            amount_minor=sum(one.amount_minor for one in members),
        )
        for (year, month, day, category_id, merchant, currency), members in groups.items()
    ]
    return sorted(
        found,
        key=lambda t: (
            t.year or 0,
            t.month or date.min,
            t.date or date.min,
            t.category_id or 0,
            t.merchant or "",
            t.currency,
        ),
    )


@settings(max_examples=examples(8))
@given(
    made=MADE,
    keys=ORDERS,
    size=st.integers(1, 5),
    direction=st.sampled_from(["forwards", "backwards"]),
    inserted=st.lists(contents(), min_size=1, max_size=8),
    deleted=st.lists(st.integers(1, 25), max_size=8),
)
async def test_writes_between_pages_repeat_and_lose_nothing(
    database: Database,
    made: list[Draft],
    keys: list[SortKey],
    size: int,
    direction: str,
    inserted: list[Draft],
    deleted: list[int],
) -> None:
    backwards = direction == "backwards"
    shelf = await shelf_of(database, made, [])
    old = len(made)
    seen: list[Transaction] = []
    place: tuple[Any, ...] | None = None
    steps = [*zip(inserted, deleted, strict=False)]
    while True:
        bounds = {"before": place} if backwards else {"after": place}
        some = await shelf.page(EVERYTHING, keys, Range(limit=size, backwards=backwards, **bounds))
        seen += some[::-1] if backwards else some
        if len(some) < size:
            break
        place = shelf.place(some[0 if backwards else -1], keys)
        if steps:
            new, gone = steps.pop()
            await database.write(shelf.ledger.id, batch(OWNER, [Create(new), Delete(gone)], atomic=False))
    # a row that is deleted meanwhile has a new version, and may be seen again where that is sorted by
    untouched = [one for one in seen if one.id not in deleted]
    assert untouched == in_order(untouched, keys)[:: -1 if backwards else 1]
    ids = [one.id for one in untouched]
    assert len(ids) == len(set(ids))
    assert {number for number in range(1, old + 1) if number not in deleted} <= set(ids)


async def test_a_page_takes_one_statement(database: Database, ledger: Ledger) -> None:
    for number in range(1, 6):
        await add(database, ledger, number)
    keys = [SortKey("date"), SortKey("id")]
    with Statements(database.engines.read) as statements:
        async with database.snapshot() as snapshot:
            await snapshot.ledger(ledger.id)
            await page(
                snapshot, TRANSACTION, ledger.id, None, lambda _: (), keys, Range(limit=2, after=(date(2026, 1, 15), 2))
            )
            await asyncio.gather(*(snapshot.ledger(ledger.id) for _ in range(3)))
    assert len(statements.sent) == 2, statements.sent


def nested(levels: int) -> TransactionFilter:
    found = TransactionFilter(text="x")
    for _ in range(levels - 1):
        found = TransactionFilter(none_of=found)
    return found


async def test_the_largest_filter_is_run(database: Database, ledger: Ledger) -> None:
    await add(database, ledger, "5.00", merchant="abc")
    shelf = Shelf(database, ledger, {})
    deepest = nested(10)
    assert len(await shelf.page(deepest, [SortKey("id")], Range(limit=5))) == 1
    bound = TransactionFilter(amount=AmountCondition(gte=Decimal(1), lte=Decimal(9)))
    widest = TransactionFilter(any_of=[TransactionFilter(all_of=[bound] * 60)])
    assert len(await shelf.page(widest, [SortKey("id")], Range(limit=5))) == 1
    listed = TransactionFilter(external_id=[str(number) for number in range(190)])
    assert await shelf.page(listed, [SortKey("id")], Range(limit=5)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        nested(11),
        TransactionFilter(any_of=[TransactionFilter(text="x")] * 101),
        TransactionFilter(currency=["USD"] * 201),
        TransactionFilter(text="a " * 201),
        TransactionFilter(text="x" * 1_000_000),
        TransactionFilter(text="\ud800"),
        TransactionFilter(text="\0"),
    ],
    ids=["deep", "wide", "list", "words", "long", "surrogate", "nul"],
)
def test_a_filter_beyond_all_bounds_is_refused(wanted: TransactionFilter) -> None:
    with pytest.raises(Refused):
        check(wanted)
    with pytest.raises(Refused):
        check(TransactionFilter(none_of=TransactionFilter(all_of=[wanted])))


async def test_pages_of_one_ledger_hold_no_other(database: Database, ledger: Ledger) -> None:
    other = await database.create_ledger("owner", name="Club", currency="EUR")
    made = await add(database, ledger, tags=["a"])
    await add(database, other, "7.00")
    await database.write(ledger.id, single(OWNER, Update(made.id, draft("2.00"))))
    async with database.snapshot() as snapshot:
        for as_of in (None, 2, 3):
            rows = await page(snapshot, TRANSACTION, other.id, as_of, lambda _: (), [SortKey("id")], Range(limit=9))
            assert [row.ledger_id for row in rows] == ([] if as_of == 1 else [other.id])
            found = await by_ids(snapshot, TRANSACTION, other.id, [made.id, made.id + 1], as_of)
            assert {row.ledger_id for row in found.values()} == {other.id}
            (total,) = await totals(snapshot, other.id, Totals(wanted=EVERYTHING, as_of=as_of))
            assert (total.currency, total.amount_minor) == ("EUR", 700)
