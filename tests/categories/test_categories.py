"""The tree of categories, and what may become of one that is in use."""

from typing import Any

import pytest

from graphql_api.budgets.service import set_budget
from graphql_api.categories.model import DEEPEST
from graphql_api.categories.service import create_category, update_category
from graphql_api.categories.store import CATEGORY
from graphql_api.database import commands
from graphql_api.database.database import Database
from graphql_api.database.history import undo
from graphql_api.database.writer import Write
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.service import Delete, Restore, single
from tests.database.drafts import OWNER, add, present
from tests.database.plugin import KINDS

pytestmark = pytest.mark.anyio

KIND = {kind.name: kind for kind in KINDS}


async def refusal_of(database: Database, ledger: Ledger, write: Write) -> Code:
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, write)
    (problem,) = refusal.value.problems
    return problem.code


async def category(database: Database, ledger: Ledger, name: str, parent_id: int | None = None) -> int:
    return (await database.write(ledger.id, create_category(OWNER, name, parent_id))).entity.id


async def test_the_tree_has_a_deepest_level_however_it_grows(database: Database, ledger: Ledger) -> None:
    parent = None
    for level in range(DEEPEST):
        parent = await category(database, ledger, f"Level {level}", parent)
    assert await refusal_of(database, ledger, create_category(OWNER, "Too deep", parent)) is Code.INVALID
    top = await category(database, ledger, "Top")
    await category(database, ledger, "Below", top)
    assert await refusal_of(database, ledger, update_category(OWNER, top, parent_id=DEEPEST - 1)) is Code.INVALID
    await database.write(ledger.id, update_category(OWNER, top, parent_id=DEEPEST - 2))


async def test_no_category_stands_below_itself(database: Database, ledger: Ledger) -> None:
    top = await category(database, ledger, "Top")
    below = await category(database, ledger, "Below", top)
    for parent in (top, below):
        assert await refusal_of(database, ledger, update_category(OWNER, top, parent_id=parent)) is Code.INVALID


async def test_a_name_is_unique_where_it_stands(database: Database, ledger: Ledger) -> None:
    top = await category(database, ledger, "Café")
    assert await refusal_of(database, ledger, create_category(OWNER, "CAFE")) is Code.ALREADY_EXISTS
    await category(database, ledger, "cafe", top)
    await database.write(ledger.id, update_category(OWNER, top, name="CAFÉ"))


async def test_what_is_in_use_is_not_deleted(database: Database, ledger: Ledger) -> None:
    filed, parent, planned = [await category(database, ledger, name) for name in ("Filed", "Parent", "Planned")]
    await add(database, ledger, category_id=filed)
    await category(database, ledger, "Child", parent)
    plan: dict[str, Any] = {"month": "2026-01", "amount": 1, "currency": "USD", "category_id": planned}
    await database.write(ledger.id, set_budget(OWNER, **plan))
    for used in (filed, parent, planned):
        assert await refusal_of(database, ledger, commands.delete(OWNER, CATEGORY, used)) is Code.IN_USE
        assert await refusal_of(database, ledger, undo(OWNER, used + 1, KIND)) is Code.IN_USE


async def test_a_deleted_transaction_keeps_its_category_from_being_purged(database: Database, ledger: Ledger) -> None:
    filed = await category(database, ledger, "Filed")
    transaction = await add(database, ledger, category_id=filed)
    await database.write(ledger.id, single(OWNER, Delete(transaction.id)))
    await database.write(ledger.id, commands.delete(OWNER, CATEGORY, filed))
    assert await refusal_of(database, ledger, single(OWNER, Restore(transaction.id))) is Code.DELETED
    assert await refusal_of(database, ledger, commands.purge(OWNER, CATEGORY, filed)) is Code.IN_USE
    await database.write(ledger.id, commands.restore(OWNER, CATEGORY, filed))
    await database.write(ledger.id, single(OWNER, Restore(transaction.id)))


async def test_undoing_a_restore_asks_whether_it_is_in_use(database: Database, ledger: Ledger) -> None:
    made = await category(database, ledger, "Made")
    await database.write(ledger.id, commands.delete(OWNER, CATEGORY, made))
    restored = await database.write(ledger.id, commands.restore(OWNER, CATEGORY, made))
    await add(database, ledger, category_id=made)
    assert await refusal_of(database, ledger, undo(OWNER, restored.version, KIND)) is Code.IN_USE


@pytest.mark.parametrize("number", [9, 0, -1, 2**63, 10**30])
async def test_a_parent_that_is_not_there_is_told(database: Database, ledger: Ledger, number: int) -> None:
    assert await refusal_of(database, ledger, create_category(OWNER, "Child", number)) is Code.NOT_FOUND
    assert await present(database, ledger) == ledger


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "\ud800", "\0", "a\nb", None, 5], ids=ascii)
def test_a_name_that_cannot_be_is_refused(name: object) -> None:
    with pytest.raises(Refused) as refusal:
        create_category(OWNER, name)
    assert refusal.value.problems[0].path == ("name",)
