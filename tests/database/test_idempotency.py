"""A repeated write with the same key is answered by the stored outcome, whoever repeats it and when."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from graphql_api.database import tables
from graphql_api.database.database import Database
from graphql_api.database.idempotency import KEPT, forget_old, idempotency_key
from graphql_api.database.outcome import Outcome
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.transactions.service import Create, Delete, Operation, Update, batch, delete_all, single
from tests.database.drafts import OWNER, add, create, draft, keyed, present
from tests.database.plugin import Commits

pytestmark = pytest.mark.anyio

_DAY = 24 * 3600 * 1_000_000


def refused(outcome: Any) -> list[Code]:
    assert isinstance(outcome, Refused)
    return [problem.code for problem in outcome.problems]


async def keys_kept(database: Database, ledger: Ledger) -> int:
    table = tables.idempotency_keys
    async with database.snapshot() as snapshot:
        (row,) = await snapshot.everywhere(
            select(func.count()).select_from(table).where(table.c.ledger_id == ledger.id)
        )
        return int(row[0])


async def test_the_same_key_and_request_give_the_stored_outcome(
    database: Database, other_database: Database, ledger: Ledger
) -> None:
    first = await database.write(ledger.id, create("5.00", envelope=keyed("k", 1), merchant="🍰", tags=["a"]))
    changed = await database.write(ledger.id, single(OWNER, Update(first.entity.id, draft("6.00"))))
    for replica in (database, other_database):
        again = await replica.write(ledger.id, create("5.00", envelope=keyed("k", 1), merchant="🍰", tags=["a"]))
        assert again == replace(first, replayed=True)
        assert again.entity == first.entity
    assert (await present(database, ledger)).version == changed.version


async def test_another_request_under_the_same_key_is_refused(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create(envelope=keyed("k", 1)))
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, create("2.00", envelope=keyed("k", 2)))
    assert refused(refusal.value) == [Code.IDEMPOTENCY_KEY_REUSED]
    assert (await present(database, ledger)).version == 2


async def test_keys_are_told_apart_by_subject_ledger_and_letter(database: Database, ledger: Ledger) -> None:
    other = await database.create_ledger("owner", name="Club", currency="EUR")
    envelopes = [keyed("k", 1), keyed("K", 1), keyed("k é", 1), keyed("k e", 1), keyed("k", 1, subject="Owner")]
    outcomes = [await database.write(ledger.id, create(envelope=envelope)) for envelope in envelopes]
    outcomes.append(await database.write(other.id, create(envelope=keyed("k", 1))))
    assert not any(outcome.replayed for outcome in outcomes)
    assert await keys_kept(database, ledger) == 5


async def test_the_same_key_at_once_writes_once(database: Database, ledger: Ledger, commits: Commits) -> None:
    outcomes = await asyncio.gather(
        *(database.write(ledger.id, create(envelope=keyed("k", 1))) for _ in range(5)),
        database.write(ledger.id, create("2.00", envelope=keyed("k", 2))),
        return_exceptions=True,
    )
    told = [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
    assert [outcome.replayed for outcome in told] == [False, True, True, True, True]
    assert len({outcome.entity for outcome in told}) == 1
    assert refused(outcomes[5]) == [Code.IDEMPOTENCY_KEY_REUSED]
    assert (await present(database, ledger)).version == 2
    assert [writes for _, _, writes, _ in commits.noted] == [1]


async def test_the_same_key_at_once_in_two_replicas_writes_once(
    database: Database, other_database: Database, ledger: Ledger
) -> None:
    for number in range(5):
        outcomes = await asyncio.gather(
            *(
                replica.write(ledger.id, create(number, envelope=keyed(f"k{number}", number)))
                for replica in (database, other_database) * 2
            )
        )
        assert sorted(outcome.replayed for outcome in outcomes) == [False, True, True, True]
        assert len({outcome.entity for outcome in outcomes}) == 1
    assert (await present(database, ledger)).version == 6


async def test_a_batch_is_told_again_row_by_row(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger)
    operations: list[Operation] = [Create(draft(tags=["a"])), Create(draft("x")), Delete(made.id), Update(99, draft())]
    first = await database.write(ledger.id, batch(keyed("b", 1), operations, atomic=False))
    again = await database.write(ledger.id, batch(keyed("b", 1), operations, atomic=False))
    assert again == replace(first, replayed=True)
    assert [len(result.problems) for result in again.results] == [0, 1, 0, 1]
    gone = await database.write(ledger.id, delete_all(keyed("all", 1), lambda _: ()))
    await add(database, ledger)
    assert await database.write(ledger.id, delete_all(keyed("all", 1), lambda _: ())) == replace(gone, replayed=True)


async def test_a_write_that_changed_nothing_is_remembered_too(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger, "1.00")
    nothing = single(keyed("k", 1), Update(made.id, draft("1.00")))
    first = await database.write(ledger.id, nothing)
    await database.write(ledger.id, single(OWNER, Update(made.id, draft("2.00"))))
    again = await database.write(ledger.id, nothing)
    assert (first.replayed, again.replayed, again.version) == (False, True, 2)
    assert (await present(database, ledger)).version == 3


async def test_a_refused_write_and_a_dry_run_keep_no_key(database: Database, ledger: Ledger) -> None:
    with pytest.raises(Refused):
        await database.write(ledger.id, create("x", envelope=keyed("k", 1)))
    with pytest.raises(Refused):
        await database.write(ledger.id, batch(keyed("k", 1), [Create(draft()), Create(draft("x"))], atomic=True))
    await database.write(ledger.id, create(envelope=keyed("k", 1, dry_run=True)))
    assert await keys_kept(database, ledger) == 0
    assert not (await database.write(ledger.id, create(envelope=keyed("k", 2)))).replayed


async def test_keys_are_kept_for_a_day_at_least_and_then_forgotten(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create(envelope=keyed("k", 1)))
    now = calendar.now()
    await database.forget_old_keys()
    async with database.engines.write.begin() as connection:
        await forget_old(connection, now + _DAY)
    assert (await database.write(ledger.id, create(envelope=keyed("k", 1)))).replayed
    async with database.engines.write.begin() as connection:
        assert await forget_old(connection, now + KEPT + _DAY) >= 1
    assert await keys_kept(database, ledger) == 0
    assert not (await database.write(ledger.id, create(envelope=keyed("k", 1)))).replayed


@pytest.mark.parametrize(
    "key", ["", " ", "x" * 256, "\0", "\ud800", "x" * 1_000_000, 5], ids=lambda key: ascii(key)[:12]
)
def test_a_key_that_cannot_be_kept_is_refused(key: Any) -> None:
    with pytest.raises(Refused) as refusal:
        idempotency_key("owner", key, "create", {})
    assert refusal.value.problems[0].path == ("idempotencyKey",)


def test_a_fingerprint_tells_requests_apart() -> None:
    def fingerprint(operation: str, request: object) -> str:
        key = idempotency_key("owner", "k", operation, request)
        assert key is not None
        return key.fingerprint

    assert fingerprint("create", {"a": 1, "b": 2}) == fingerprint("create", {"b": 2, "a": 1})
    different = [("create", {"a": 1}), ("create", {"a": "1"}), ("create", {"a": None}), ("create", {}), ("update", {})]
    assert len({fingerprint(*one) for one in different}) == len(different)
    assert idempotency_key("owner", None, "create", {}) is None
