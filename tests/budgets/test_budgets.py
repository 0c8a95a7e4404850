"""Budgets: one for each month, category and currency, and what is spent of them."""

from typing import Any

import pytest

from graphql_api.budgets.model import Budget
from graphql_api.budgets.service import set_budget, spent
from graphql_api.budgets.store import BUDGET
from graphql_api.categories.service import create_category
from graphql_api.database import commands
from graphql_api.database.database import Database
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.service import Delete, single
from tests.database.drafts import OWNER, add, present

pytestmark = pytest.mark.anyio


async def budget(database: Database, ledger: Ledger, amount: Any = "100", **fields: Any) -> Budget:
    values = {"month": "2026-01", "currency": "USD", "category_id": None} | fields
    found = (await database.write(ledger.id, set_budget(OWNER, amount=amount, **values))).entity
    assert isinstance(found, Budget)
    return found


async def test_what_is_spent_is_of_the_month_currency_and_category(database: Database, ledger: Ledger) -> None:
    for name, parent_id in (("Food", None), ("Bread", 1), ("Rent", None)):
        await database.write(ledger.id, create_category(OWNER, name, parent_id))
    await add(database, ledger, "10.00", category_id=1)
    await add(database, ledger, "5.00", category_id=2, day="2026-01-31")
    await add(database, ledger, "-2.00", category_id=2, day="2026-01-01")
    await add(database, ledger, "7.00", category_id=3)
    await add(database, ledger, "9.00", category_id=1, day="2026-02-01")
    await add(database, ledger, 900, category_id=1, currency="JPY")
    gone = await add(database, ledger, "3.00", category_id=1)
    on_food, on_all = await budget(database, ledger, category_id=1), await budget(database, ledger)
    before = (await present(database, ledger)).version
    await database.write(ledger.id, single(OWNER, Delete(gone.id)))
    async with database.snapshot() as snapshot:
        assert [await spent(snapshot, one, None) for one in (on_food, on_all)] == [1300, 2000]
        assert [await spent(snapshot, one, before) for one in (on_food, on_all)] == [1600, 2300]


async def test_setting_it_again_changes_it(database: Database, ledger: Ledger) -> None:
    first = await budget(database, ledger, "100")
    second = await budget(database, ledger, "150.50", if_version=first.version)
    assert (second.id, second.amount_minor) == (first.id, 15050)
    with pytest.raises(Refused) as refusal:
        await budget(database, ledger, "1", if_version=first.version)
    assert refusal.value.problems[0].code is Code.VERSION_CONFLICT
    other = await budget(database, ledger, 5, currency="JPY")
    assert other.id != first.id
    await database.write(ledger.id, commands.delete(OWNER, BUDGET, first.id))
    again = await budget(database, ledger, "7")
    assert again.id not in {first.id, other.id}
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, commands.restore(OWNER, BUDGET, first.id))
    assert refusal.value.problems[0].code is Code.ALREADY_EXISTS


async def test_the_last_month_that_there_is(database: Database, ledger: Ledger) -> None:
    await add(database, ledger, "3.00", day="9999-12-31")
    async with database.snapshot() as snapshot:
        last = await budget(database, ledger, month="9999-12")
        assert await spent(snapshot, last, None) == 300


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"amount": "-1"}, Code.AMOUNT_OUT_OF_RANGE, ("amount", "value")),
        ({"amount": "x"}, Code.AMOUNT_INVALID, ("amount", "value")),
        ({"currency": "DEM"}, Code.CURRENCY_UNKNOWN, ("amount", "currency")),
        ({"month": "2026-13"}, Code.DATE_INVALID, ("month",)),
        ({"category_id": 9}, Code.NOT_FOUND, ("categoryId",)),
        ({"category_id": 2**70}, Code.NOT_FOUND, ("categoryId",)),
    ],
)
async def test_what_is_wrong_is_told(
    database: Database, ledger: Ledger, fields: dict[str, Any], code: Code, path: tuple[str, ...]
) -> None:
    with pytest.raises(Refused) as refusal:
        await budget(database, ledger, **fields)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.path) == (code, path)
    assert await present(database, ledger) == ledger
