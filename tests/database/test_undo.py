"""Undoing: of each kind of change, of several at once, of an undoing; and when it is too late."""

from dataclasses import replace
from typing import Any

import pytest

from graphql_api.categories.service import create_category
from graphql_api.categories.store import CATEGORY
from graphql_api.database import commands, shelf
from graphql_api.database.database import Database
from graphql_api.database.history import changes_after, undo
from graphql_api.database.outcome import Outcome
from graphql_api.database.writer import Write
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger, Operation
from graphql_api.transactions.service import Create, Delete, Purge, Restore, Update, batch, delete_all, single
from graphql_api.transactions.store import TRANSACTION
from tests.database.drafts import OWNER, add, draft, fetch, present
from tests.database.plugin import KINDS

pytestmark = pytest.mark.anyio

KIND: dict[str, Any] = {kind.name: kind for kind in KINDS}


async def take_back(database: Database, ledger: Ledger, version: int) -> Outcome:
    return await database.write(ledger.id, undo(OWNER, version, KIND))


async def too_late(database: Database, ledger: Ledger, version: int) -> bool:
    before = await present(database, ledger)
    with pytest.raises(Refused) as refusal:
        await take_back(database, ledger, version)
    assert await present(database, ledger) == before
    return refusal.value.problems[0].code is Code.UNDO_CONFLICT


async def test_each_operation_there_and_back(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger, "1.00", merchant="a", tags=["t"])
    writes: list[Write] = [
        single(OWNER, Update(made.id, draft("2.00", merchant="b", tags=[]))),
        single(OWNER, Delete(made.id)),
        single(OWNER, Restore(made.id)),
    ]
    for write in writes:
        before = await fetch(database, ledger, made.id)
        version = (await database.write(ledger.id, write)).version
        after = await fetch(database, ledger, made.id)
        undone = await take_back(database, ledger, version)
        assert TRANSACTION.same(await fetch(database, ledger, made.id), before)
        redone = await take_back(database, ledger, undone.version)
        assert TRANSACTION.same(await fetch(database, ledger, made.id), after)
        assert undone.entity.version == undone.version == redone.version - 1
    undone = await take_back(database, ledger, (await fetch(database, ledger, made.id)).version)
    assert undone.count == 1


async def test_a_creation_is_undone_by_deleting(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger)
    undone = await take_back(database, ledger, made.version)
    assert undone.entity.deleted
    await take_back(database, ledger, undone.version)
    assert not (await fetch(database, ledger, made.id)).deleted
    async with database.snapshot() as snapshot:
        feed = await changes_after(snapshot, ledger.id, (2, 9), 10)
    assert [(change.operation, change.undoes) for change in feed] == [(Operation.DELETE, 2), (Operation.RESTORE, 3)]


async def test_a_batch_is_undone_whole(database: Database, ledger: Ledger) -> None:
    kept = await add(database, ledger, "1.00", external_id="x")
    operations: list[Any] = [
        Update(kept.id, replace(draft("2.00"), external_id=None)),
        Create(draft("3.00", external_id="x", tags=["new"])),
        Update(kept.id, draft("4.00", external_id="y")),
    ]
    version = (await database.write(ledger.id, batch(OWNER, operations, atomic=True))).version
    # the external id would have to go back while its present owner, though deleted, still has it
    with pytest.raises(Refused) as refusal:
        await take_back(database, ledger, version)
    assert refusal.value.problems[0].code is Code.ALREADY_EXISTS
    second = (
        await database.write(ledger.id, batch(OWNER, [Create(draft("5.00", tags=["b"]))] * 3, atomic=True))
    ).version
    undone = await take_back(database, ledger, second)
    assert undone.count == 4  # and the tag that it made
    assert [(await fetch(database, ledger, number)).deleted for number in (3, 4, 5)] == [True] * 3


async def test_a_deletion_of_all_is_undone_whole(database: Database, ledger: Ledger) -> None:
    for number in range(1, 4):
        await add(database, ledger, number)
    version = (await database.write(ledger.id, delete_all(OWNER, lambda _: ()))).version
    assert (await take_back(database, ledger, version)).count == 3
    assert not (await fetch(database, ledger, 3)).deleted


async def test_a_category_and_what_is_filed_in_it_go_together(database: Database, ledger: Ledger) -> None:
    async def both(book: Any) -> Outcome:
        made = await create_category(OWNER, "Food").run(book)
        return await single(OWNER, Create(draft(category_id=made.entity.id))).run(book)

    version = (await database.write(ledger.id, Write(OWNER, both))).version
    undone = await take_back(database, ledger, version)
    assert undone.count == 2
    await take_back(database, ledger, undone.version)
    assert (await fetch(database, ledger, 1)).category_id == 1


async def test_what_was_changed_since_is_not_undone(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger)
    await database.write(ledger.id, single(OWNER, Update(made.id, draft("2.00"))))
    assert await too_late(database, ledger, made.version)
    await database.write(ledger.id, single(OWNER, Delete(made.id)))
    version = (await database.write(ledger.id, single(OWNER, Purge(made.id)))).version
    for number in range(2, version + 1):
        assert await too_late(database, ledger, number)


async def test_a_new_name_of_the_ledger_is_undone(database: Database, ledger: Ledger) -> None:
    version = (await database.write(ledger.id, shelf.rename(OWNER, "New"))).version
    undone = await take_back(database, ledger, version)
    assert (await present(database, ledger)).name == ledger.name
    await take_back(database, ledger, undone.version)
    assert (await present(database, ledger)).name == "New"
    await database.write(ledger.id, shelf.rename(OWNER, "Newer"))
    assert await too_late(database, ledger, version)


async def test_the_ledger_itself_is_not_undone(database: Database, ledger: Ledger) -> None:
    assert await too_late(database, ledger, 1)


@pytest.mark.parametrize("version", [0, -1, 2, 2**31, 2**63, 10**30])
async def test_a_version_that_is_not_there_is_told(database: Database, ledger: Ledger, version: int) -> None:
    with pytest.raises(Refused) as refusal:
        await take_back(database, ledger, version)
    assert refusal.value.problems[0].code is Code.NOT_FOUND


async def test_a_state_that_a_purge_emptied_is_not_undone(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create_category(OWNER, "A"))
    deleted = await database.write(ledger.id, commands.delete(OWNER, CATEGORY, 1))
    await database.write(ledger.id, commands.purge(OWNER, CATEGORY, 1))
    assert await too_late(database, ledger, deleted.version)
