"""Kept entities: as the snapshot that asks has them, however others' snapshots stand."""

import pytest

from graphql_api.cache.entities import Entities
from graphql_api.database.database import Database
from graphql_api.ledgers.model import Ledger
from graphql_api.tags.service import create_tag, rename_tag
from graphql_api.tags.store import TAG
from tests.database.drafts import OWNER

pytestmark = pytest.mark.anyio


async def test_each_snapshot_has_the_state_of_its_own_version(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create_tag(OWNER, "old"))
    entities = Entities(2**20, None)
    async with database.snapshot() as old, database.snapshot() as new:
        await old.ledger(ledger.id)
        await database.write(ledger.id, rename_tag(OWNER, 1, "new"))
        for _ in range(2):
            assert (await entities.get(new, TAG, ledger.id, [1]))[1].name == "new"
            assert (await entities.get(old, TAG, ledger.id, [1]))[1].name == "old"


async def test_what_a_snapshot_reads_after_it_was_closed_is_not_kept_as_older(
    database: Database, ledger: Ledger
) -> None:
    await database.write(ledger.id, create_tag(OWNER, "old"))
    entities = Entities(2**20, None)
    async with database.snapshot() as old, database.snapshot() as closed:
        for one in (old, closed):
            await one.ledger(ledger.id)
        await closed.close()
        await database.write(ledger.id, rename_tag(OWNER, 1, "new"))
        # it knows the ledger as it was, and reads the tag as it is
        assert (await entities.get(closed, TAG, ledger.id, [1]))[1].name == "new"
        assert (await entities.get(old, TAG, ledger.id, [1]))[1].name == "old"


async def test_what_does_not_exist_is_not_there(database: Database, ledger: Ledger) -> None:
    entities = Entities(2**20, None)
    async with database.snapshot() as snapshot:
        assert await entities.get(snapshot, TAG, ledger.id, [1, 0, -1, 2**70]) == {}
        assert await entities.get(snapshot, TAG, ledger.id + 1000, [1]) == {}


async def test_memory_is_bounded(database: Database, ledger: Ledger) -> None:
    for number in range(1, 21):
        await database.write(ledger.id, create_tag(OWNER, f"tag {number}"))
    entities = Entities(8000, None)
    async with database.snapshot() as snapshot:
        for number in range(1, 21):
            assert (await entities.get(snapshot, TAG, ledger.id, [number]))[number].name == f"tag {number}"
    assert 4000 < entities.bytes <= 8000
