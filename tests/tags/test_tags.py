"""Tags: found without case and accents, renamed in one place, purged when nothing carries them."""

import pytest

from graphql_api.database import commands
from graphql_api.database.database import Database
from graphql_api.database.history import undo
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.tags.service import create_tag, rename_tag
from graphql_api.tags.store import TAG
from graphql_api.transactions.service import Update, single
from tests.database.drafts import OWNER, add, draft, fetch
from tests.database.plugin import KINDS

pytestmark = pytest.mark.anyio

KIND = {kind.name: kind for kind in KINDS}


async def test_tags_are_found_without_case_and_accents(database: Database, ledger: Ledger) -> None:
    first = await add(database, ledger, tags=["Café", "work"])
    second = await add(database, ledger, tags=["WORK", "cafe", "Cafe\u0301"])
    assert (first.tag_ids, second.tag_ids) == ((1, 2), (2, 1))


async def test_a_rename_writes_the_tag_alone(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger, tags=["old", "other"])
    outcome = await database.write(ledger.id, rename_tag(OWNER, 1, "new"))
    assert outcome.count == 1
    assert await fetch(database, ledger, made.id) == made
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, rename_tag(OWNER, 1, "Óther"))
    assert refusal.value.problems[0].code is Code.ALREADY_EXISTS
    await database.write(ledger.id, undo(OWNER, outcome.version, KIND))
    assert (await add(database, ledger, tags=["OLD"])).tag_ids == (1,)


async def test_a_tag_is_purged_when_nothing_carries_it(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger, tags=["a"])
    await database.write(ledger.id, commands.delete(OWNER, TAG, 1))
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, commands.purge(OWNER, TAG, 1))
    assert refusal.value.problems[0].code is Code.IN_USE
    untagged = await database.write(ledger.id, single(OWNER, Update(made.id, draft(tags=[]))))
    await database.write(ledger.id, commands.purge(OWNER, TAG, 1))
    with pytest.raises(Refused) as refusal:  # its tag is gone for good
        await database.write(ledger.id, undo(OWNER, untagged.version, KIND))
    assert refusal.value.problems[0].code is Code.NOT_FOUND


async def test_a_deleted_tag_gives_its_name_away(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create_tag(OWNER, "a"))
    await database.write(ledger.id, commands.delete(OWNER, TAG, 1))
    assert (await add(database, ledger, tags=["A"])).tag_ids == (2,)
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, commands.restore(OWNER, TAG, 1))
    assert refusal.value.problems[0].code is Code.ALREADY_EXISTS


async def test_a_transaction_has_a_list_of_few_tags(database: Database, ledger: Ledger) -> None:
    await add(database, ledger, tags=[str(number) for number in range(20)])
    for tags in ([str(number) for number in range(21)], "abc", ["\0"], [""], ["x" * 101]):
        with pytest.raises(Refused) as refusal:
            await add(database, ledger, tags=tags)
        assert refusal.value.problems[0].path[0] == "tags"
