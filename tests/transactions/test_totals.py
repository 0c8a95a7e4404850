"""Totals are exact however large, come from the running sums where these know, and have an end."""

from datetime import date

import pytest
from sqlalchemy import update

from graphql_api.database import tables
from graphql_api.database.database import Database
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.filters import EVERYTHING, DateCondition, ReferenceCondition, TransactionFilter
from graphql_api.transactions.service import Delete, single
from graphql_api.transactions.totals import Deleted, GroupBy, Totals, count, totals
from tests.database.drafts import OWNER, add
from tests.database.plugin import Statements

pytestmark = pytest.mark.anyio

_NEAR = 9_223_372_036_854_775_000


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("rescan", [False, True], ids=["sums", "scan"])
async def test_a_total_beyond_64_bits_is_exact(database: Database, ledger: Ledger, sign: int, *, rescan: bool) -> None:
    for month in range(1, 8):
        await add(database, ledger, day=f"2026-{month:02}-01")
    # stands in for the many thousand transactions that it takes
    async with database.engines.write.begin() as connection:
        for table in (tables.transaction_sums, tables.transactions):
            large = update(table).where(table.c.ledger_id == ledger.id).values(amount_minor=sign * (_NEAR - 7))
            await connection.execute(large)
    async with database.snapshot() as snapshot:
        (total,) = await totals(snapshot, ledger.id, Totals(wanted=EVERYTHING, rescan=rescan))
    assert (total.count, total.amount_minor) == (7, sign * 7 * (_NEAR - 7))


async def test_the_running_sums_are_asked_where_they_know(database: Database, ledger: Ledger) -> None:
    await add(database, ledger, "5.00", day="2026-01-31")
    await add(database, ledger, "7.00", day="2026-02-01")
    whole = DateCondition(gte=date(2026, 1, 1), lt=date(2026, 2, 1))
    part = DateCondition(gte=date(2026, 1, 2), lt=date(2026, 2, 1))
    from_sums = [
        Totals(wanted=EVERYTHING, group_by=(GroupBy.YEAR, GroupBy.MONTH, GroupBy.CATEGORY, GroupBy.CURRENCY)),
        Totals(wanted=TransactionFilter(date=whole)),
        Totals(wanted=TransactionFilter(all_of=[TransactionFilter(currency=["USD"])])),
        Totals(wanted=TransactionFilter(category=ReferenceCondition(none=True))),
    ]
    scanned = [
        Totals(wanted=EVERYTHING, group_by=(GroupBy.DATE,)),
        Totals(wanted=EVERYTHING, group_by=(GroupBy.MERCHANT,)),
        Totals(wanted=EVERYTHING, deleted=Deleted.INCLUDE),
        Totals(wanted=EVERYTHING, as_of=2),
        Totals(wanted=EVERYTHING, rescan=True),
        Totals(wanted=TransactionFilter(date=part)),
        Totals(wanted=TransactionFilter(date=DateCondition(lte=date(2026, 1, 31)))),
        Totals(wanted=TransactionFilter(none_of=TransactionFilter(currency=["EUR"]))),
    ]
    for query in [*from_sums, *scanned]:
        with Statements(database.engines.read) as statements:
            async with database.snapshot() as snapshot:
                assert await totals(snapshot, ledger.id, query)
        assert ("transaction_sums" in statements.sent[-1]) == (query in from_sums), query


async def test_deleted_ones_are_left_out_or_alone(database: Database, ledger: Ledger) -> None:
    gone = await add(database, ledger, "5.00")
    await add(database, ledger, 7, currency="JPY")
    await database.write(ledger.id, single(OWNER, Delete(gone.id)))
    async with database.snapshot() as snapshot:
        found = {
            deleted: [
                (total.currency, total.amount_minor)
                for total in await totals(snapshot, ledger.id, Totals(wanted=EVERYTHING, deleted=deleted))
            ]
            for deleted in Deleted
        }
        assert await count(snapshot, ledger.id, Totals(wanted=EVERYTHING, deleted=Deleted.INCLUDE)) == 2
    assert found == {
        Deleted.EXCLUDE: [("JPY", 7)],
        Deleted.ONLY: [("USD", 500)],
        Deleted.INCLUDE: [("JPY", 7), ("USD", 500)],
    }


async def test_more_groups_than_an_answer_holds_are_refused(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.transactions.totals.MOST_GROUPS", 2)
    for merchant in ("a", "b"):
        await add(database, ledger, merchant=merchant)
    query = Totals(wanted=EVERYTHING, group_by=(GroupBy.MERCHANT,))
    async with database.snapshot() as snapshot:
        assert len(await totals(snapshot, ledger.id, query)) == 2
    await add(database, ledger, merchant="c")
    async with database.snapshot() as snapshot:
        with pytest.raises(Refused) as refusal:
            await totals(snapshot, ledger.id, query)
    assert refusal.value.problems[0].code is Code.FILTER_INVALID
