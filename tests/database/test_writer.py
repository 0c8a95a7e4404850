"""The writer: versions without gaps, groups that share a commit, one guilty write that fails alone."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from graphql_api.categories.service import create_category
from graphql_api.database import tables
from graphql_api.database.book import Book
from graphql_api.database.commands import one_row
from graphql_api.database.database import Database
from graphql_api.database.history import changes_after
from graphql_api.database.outcome import Outcome
from graphql_api.database.writer import Envelope, Write, Writer
from graphql_api.ledgers.errors import Code, Refused, Unavailable
from graphql_api.ledgers.model import Entity, Ledger
from graphql_api.transactions.filters import EVERYTHING
from graphql_api.transactions.service import (
    Create,
    Delete,
    Operation,
    Purge,
    Restore,
    Update,
    batch,
    delete_all,
    purge_all,
    single,
)
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Totals, totals
from tests.database.drafts import OWNER, add, create, draft, fetch, present
from tests.database.plugin import KINDS, Commits, Statements
from tests.servers.database import DatabaseServer
from tests.servers.variants import Variant

pytestmark = pytest.mark.anyio


async def versions(database: Database, ledger: Ledger) -> list[tuple[int, int]]:
    """Where each change stands."""
    async with database.snapshot() as snapshot:
        return [(c.version, c.position) for c in await changes_after(snapshot, ledger.id, (0, -1), 100_000)]


def codes(error: BaseException | Any) -> list[Code]:
    assert isinstance(error, Refused)
    return [problem.code for problem in error.problems]


async def test_concurrent_writes_share_commits_and_leave_no_gap(
    database: Database, ledger: Ledger, commits: Commits
) -> None:
    outcomes = await asyncio.gather(*(database.write(ledger.id, create(number)) for number in range(1, 41)))
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 42))
    assert sorted(outcome.entity.id for outcome in outcomes) == list(range(1, 41))
    assert len(commits.noted) < 5
    assert sum(writes for _, _, writes, _ in commits.noted) == 40
    assert commits.noted[-1][:2] == (ledger.id, 41)
    assert await versions(database, ledger) == [(version, 0) for version in range(1, 42)]


async def test_several_replicas_leave_no_gap(database: Database, other_database: Database, ledger: Ledger) -> None:
    third = Database(database.engines.read.url.render_as_string(hide_password=False), KINDS, Commits(), pool_size=2)
    try:
        outcomes = await asyncio.gather(
            *(_one_after_another(replica, ledger, 8) for replica in (database, other_database, third) for _ in range(2))
        )
    finally:
        await third.close()
    found = sorted(version for versions_of_one in outcomes for version in versions_of_one)
    assert found == list(range(2, 50))
    assert await versions(database, ledger) == [(version, 0) for version in range(1, 50)]


async def test_several_processes_leave_no_gap(migrated_url: str, database: Database, ledger: Ledger) -> None:
    command = [sys.executable, "-m", "tests.database.creator", str(ledger.id), "5"]
    processes = [
        await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    told = await asyncio.gather(*(process.communicate(migrated_url.encode()) for process in processes))
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(int(version) for out, _ in told for version in out.split()) == list(range(2, 42))
    assert await versions(database, ledger) == [(version, 0) for version in range(1, 42)]


async def _one_after_another(database: Database, ledger: Ledger, count: int) -> list[int]:
    return [(await database.write(ledger.id, create())).version for _ in range(count)]


async def test_a_write_is_acknowledged_after_its_commit(
    database: Database, other_database: Database, ledger: Ledger
) -> None:
    async def write_and_look(number: int) -> None:
        made = (await database.write(ledger.id, create(number))).entity
        assert (await fetch(other_database, ledger, made.id)).amount_minor == number * 100

    await asyncio.gather(*(write_and_look(number) for number in range(1, 17)))


async def test_one_that_is_refused_fails_alone(database: Database, ledger: Ledger) -> None:
    writes = [
        create(),
        create("0.001"),
        create(external_id="a"),
        create(external_id="a"),
        create(category_id=7),
        create(),
    ]
    outcomes = await asyncio.gather(*(database.write(ledger.id, write) for write in writes), return_exceptions=True)
    assert [isinstance(outcome, Outcome) for outcome in outcomes] == [True, False, True, False, False, True]
    assert codes(outcomes[1]) == [Code.AMOUNT_TOO_PRECISE]
    assert codes(outcomes[3]) == [Code.ALREADY_EXISTS]
    assert codes(outcomes[4]) == [Code.NOT_FOUND]
    assert [o.version for o in outcomes if isinstance(o, Outcome)] == [2, 3, 4]
    assert [o.entity.id for o in outcomes if isinstance(o, Outcome)] == [1, 2, 3]


async def test_one_that_the_database_refuses_fails_alone(database: Database, ledger: Ledger, commits: Commits) -> None:
    await add(database, ledger)
    await set_sum(database.engines.write, ledger, 9223372036854775000 - 500)
    writes = [create("1.00"), create("9.00"), create("-2.00"), create("5.00", day="2026-02-01"), create("1.00")]
    outcomes = await asyncio.gather(*(database.write(ledger.id, write) for write in writes), return_exceptions=True)
    assert [isinstance(outcome, Outcome) for outcome in outcomes] == [True, False, True, True, True]
    assert codes(outcomes[1]) == [Code.AMOUNT_OUT_OF_RANGE]
    assert isinstance(outcomes[1], Refused)
    assert outcomes[1].problems[0].path == ("amount", "value")
    assert [o.version for o in outcomes if isinstance(o, Outcome)] == [3, 4, 5, 6]
    assert commits.retries == 1


@pytest.mark.parametrize("sign", [1, -1])
async def test_a_sum_beyond_64_bits_is_refused(database: Database, ledger: Ledger, sign: int) -> None:
    await add(database, ledger)
    await set_sum(database.engines.write, ledger, sign * 9223372036854775000)
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, create(sign * 9_999_999_999_999))
    assert codes(refusal.value) == [Code.AMOUNT_OUT_OF_RANGE]
    assert (await present(database, ledger)).version == 2


async def set_sum(engine: AsyncEngine, ledger: Ledger, amount_minor: int) -> None:
    """Stand in for the thousands of transactions that it takes to come near the limit."""
    sums = tables.transaction_sums
    async with engine.begin() as connection:
        await connection.execute(update(sums).where(sums.c.ledger_id == ledger.id).values(amount_minor=amount_minor))


async def test_a_row_that_came_in_past_the_check_is_told(database: Database, ledger: Ledger) -> None:
    async def look_then_wait(book: Book) -> Entity:
        await book.find(TRANSACTION, "external_id", ["raced"])  # nothing there yet
        row = TRANSACTION.to_row(replace(made, id=1000, external_id="raced"))
        await book.connection.execute(insert(tables.transactions), [row])  # as a writer that keeps no rules would
        return (await single(OWNER, Create(draft(external_id="raced"))).run(book)).entity

    made = await add(database, ledger)
    raced = one_row(OWNER, look_then_wait)
    outcomes = await asyncio.gather(
        database.write(ledger.id, create()),
        database.write(ledger.id, raced),
        database.write(ledger.id, create()),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Outcome) for outcome in outcomes] == [True, False, True]
    assert codes(outcomes[1]) == [Code.ALREADY_EXISTS]


async def test_an_error_of_the_code_fails_alone(database: Database, ledger: Ledger) -> None:
    async def broken(_: Book) -> Outcome:
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        database.write(ledger.id, create()),
        database.write(ledger.id, Write(OWNER, broken)),
        database.write(ledger.id, create()),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Outcome, ZeroDivisionError, Outcome]
    assert (await present(database, ledger)).version == 3


async def test_an_observer_that_fails_undoes_nothing(
    database: Database, ledger: Ledger, commits: Commits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(commits, "committed", fail)
    outcome = await database.write(ledger.id, create())
    assert (outcome.version, (await present(database, ledger)).version) == (2, 2)


async def test_a_caller_that_leaves_the_queue_takes_its_write_along(database: Database, ledger: Ledger) -> None:
    gate, entered = asyncio.Event(), asyncio.Event()

    async def wait(book: Book) -> Outcome:
        entered.set()
        await gate.wait()
        return Outcome(book.ledger.version, 0)

    first = asyncio.create_task(database.write(ledger.id, Write(OWNER, wait, alone=True)))
    await entered.wait()
    queued = [asyncio.create_task(database.write(ledger.id, create(number))) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    queued[1].cancel()
    gate.set()
    await first
    outcomes = await asyncio.gather(*queued, return_exceptions=True)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert (await present(database, ledger)).version == 3
    assert [(await fetch(database, ledger, number)).amount_minor for number in (1, 2)] == [100, 300]


async def test_a_caller_that_leaves_a_write_in_flight_harms_no_other(database: Database, ledger: Ledger) -> None:
    entered, gate = asyncio.Event(), asyncio.Event()

    async def slow(book: Book) -> Outcome:
        entered.set()
        await gate.wait()
        return await create("5.00").run(book)

    left = asyncio.create_task(database.write(ledger.id, Write(OWNER, slow)))
    stays = asyncio.create_task(database.write(ledger.id, create("6.00")))
    await entered.wait()
    left.cancel()
    gate.set()
    assert (await stays).version in {2, 3}
    with pytest.raises(asyncio.CancelledError):
        await left
    later = await database.write(ledger.id, create("7.00"))
    assert await versions(database, ledger) == [(version, 0) for version in range(1, later.version + 1)]


async def test_closing_finishes_what_waits(migrated_url: str, database: Database, ledger: Ledger) -> None:
    closing = Database(migrated_url, KINDS, Commits(), pool_size=2)
    writes = [asyncio.create_task(closing.write(ledger.id, create(number))) for number in range(1, 21)]
    await asyncio.sleep(0)
    await closing.close()
    assert sorted(write.result().version for write in writes) == list(range(2, 22))
    with pytest.raises(Unavailable, match="shutting down"):
        await closing.write(ledger.id, create())
    assert (await present(database, ledger)).version == 21


async def test_more_than_the_queue_holds_is_told(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphql_api.database.writer.QUEUE_LENGTH", 3)
    outcomes = await asyncio.gather(*(database.write(ledger.id, create()) for _ in range(5)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
    assert len(refused) == 2
    assert (await present(database, ledger)).version == 4


async def test_a_dry_run_tells_all_and_leaves_nothing(database: Database, ledger: Ledger, commits: Commits) -> None:
    await add(database, ledger, tags=["a"], external_id="x")
    before = len(commits.noted)
    operations: list[Operation] = [
        Create(draft("2.00", tags=["new"])),
        Update(1, draft("3.00", tags=[])),
        Delete(1),
        Create(draft("0.001")),
        Create(draft(external_id="x")),
    ]
    dry = await database.write(ledger.id, batch(replace(OWNER, dry_run=True), operations, atomic=False))
    assert (await present(database, ledger)).version == 2
    assert (await fetch(database, ledger, 1)).amount_minor == 100
    assert len(commits.noted) == before
    real = await database.write(ledger.id, batch(OWNER, operations, atomic=False))
    assert _timeless(dry) == _timeless(real)
    assert [len(result.problems) for result in real.results] == [0, 0, 0, 1, 1]


async def test_a_dry_run_tells_what_the_database_would_refuse(database: Database, ledger: Ledger) -> None:
    await add(database, ledger)
    await set_sum(database.engines.write, ledger, 9223372036854775000)
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, create(envelope=replace(OWNER, dry_run=True)))
    assert codes(refusal.value) == [Code.AMOUNT_OUT_OF_RANGE]


def _timeless(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        results=tuple(
            replace(result, entity=result.entity and replace(result.entity, created_at=0, updated_at=0))
            for result in outcome.results
        ),
    )


async def test_a_batch_may_touch_a_row_again_and_again(database: Database, ledger: Ledger) -> None:
    made = await add(database, ledger)
    operations: list[Operation] = [
        *(Update(made.id, draft(f"{number}.00")) for number in range(2, 6)),
        Delete(made.id),
        Restore(made.id),
        Update(made.id, draft("7.00")),
        Create(draft("8.00")),
        Update(2, draft("9.00")),
        Create(draft()),
        Delete(3),
        Purge(3),
    ]
    outcome = await database.write(ledger.id, batch(OWNER, operations, atomic=True))
    assert (outcome.version, outcome.count) == (3, 12)
    assert [(await fetch(database, ledger, number)).amount_minor for number in (1, 2)] == [700, 900]
    assert await versions(database, ledger) == [(1, 0), (2, 0), *((3, position) for position in range(12))]
    async with database.snapshot() as snapshot:
        (total,) = await totals(snapshot, ledger.id, Totals(wanted=EVERYTHING))
    assert (total.count, total.amount_minor) == (2, 1600)


async def test_an_external_id_may_move_from_row_to_row(database: Database, ledger: Ledger) -> None:
    first = await add(database, ledger, external_id="a")
    second = await add(database, ledger, external_id="b")
    operations: list[Operation] = [
        Update(second.id, replace(PATCH, description="touched first")),
        Update(first.id, replace(PATCH, external_id=None)),
        Update(second.id, replace(PATCH, external_id="a")),
        Update(first.id, replace(PATCH, external_id="b")),
        Delete(second.id),
        Purge(second.id),
        Create(draft(external_id="a")),
    ]
    outcome = await database.write(ledger.id, batch(OWNER, operations, atomic=True))
    assert outcome.count == 7
    assert (await fetch(database, ledger, first.id)).external_id == "b"
    assert (await fetch(database, ledger, 3)).external_id == "a"


PATCH = replace(draft(), amount=draft().currency, date=draft().currency)
"""A patch that sets nothing."""


async def test_an_atomic_batch_writes_all_or_nothing(database: Database, ledger: Ledger) -> None:
    operations: list[Operation] = [
        Create(draft(tags=["t"])),
        Create(draft("x")),
        Update(9, draft()),
        Create(draft(day="2026-02-31")),
    ]
    with pytest.raises(Refused) as refusal:
        await database.write(ledger.id, batch(OWNER, operations, atomic=True))
    assert [(p.code, p.path[:2]) for p in refusal.value.problems] == [
        (Code.AMOUNT_INVALID, ("operations", 1)),
        (Code.NOT_FOUND, ("operations", 2)),
        (Code.DATE_INVALID, ("operations", 3)),
    ]
    assert await present(database, ledger) == ledger
    outcome = await database.write(ledger.id, batch(OWNER, operations, atomic=False))
    assert [result.entity is not None for result in outcome.results] == [True, False, False, False]
    assert outcome.count == 2  # the tag, and the transaction


async def test_a_batch_has_an_end(database: Database, ledger: Ledger) -> None:
    operations: list[Operation] = [Create(draft(number, external_id=str(number))) for number in range(1, 1001)]
    outcome = await database.write(ledger.id, batch(OWNER, operations, atomic=True))
    assert (outcome.count, outcome.version) == (1000, 2)
    with pytest.raises(Refused, match="at most 1,000"):
        batch(OWNER, [*operations, *operations[:1]], atomic=True)
    again = await database.write(ledger.id, batch(OWNER, operations, atomic=False))
    assert (again.count, again.version) == (0, 2)
    assert {problem.code for result in again.results for problem in result.problems} == {Code.ALREADY_EXISTS}
    updates: list[Operation] = [Update(number, replace(PATCH, description="more")) for number in range(1, 1001)]
    assert (await database.write(ledger.id, batch(OWNER, updates, atomic=True))).count == 1000
    gone = await database.write(ledger.id, delete_all(OWNER, lambda _: ()))
    assert (gone.count, gone.version) == (1000, 4)
    assert (await database.write(ledger.id, purge_all(OWNER, lambda _: ()))).count == 1000
    async with database.snapshot() as snapshot:
        assert await totals(snapshot, ledger.id, Totals(wanted=EVERYTHING)) == []


async def test_a_group_takes_few_statements(database: Database, ledger: Ledger) -> None:
    await database.write(ledger.id, create_category(OWNER, "Food"))
    with Statements(database.engines.write) as statements:
        await asyncio.gather(
            *(
                database.write(ledger.id, create(number, category_id=1, day=f"2026-{number % 3 + 1:02}-01"))
                for number in range(1, 17)
            )
        )
    # the ledger's row, the category, transactions, sums, changes, the ledger's row again
    assert len(statements.sent) <= 7, statements.sent
    with Statements(database.engines.write) as statements:
        await asyncio.gather(
            *(
                database.write(ledger.id, single(OWNER, Update(number, draft(number + 1, category_id=None))))
                for number in range(1, 17)
            )
        )
    # the same, and the archive, and the rows out and in again
    assert len(statements.sent) <= 8, statements.sent


async def test_a_group_takes_few_round_trips(database: Database, ledger: Ledger, variant: Variant) -> None:
    if variant.server is None:
        return  # no server that could count them
    for month in ("2026-01", "2026-02"):
        writes = [create(number, day=f"{month}-{number:02}", tags=[str(number)]) for number in range(1, 17)]
        before = questions(variant.server)
        await asyncio.gather(*(database.write(ledger.id, write) for write in writes))
        # the ledger's row, tags, transactions, their tags, sums, the tags made or not, changes, the row, the commit
        assert questions(variant.server) - before <= 12 + CONNECTING
    before = questions(variant.server)
    await asyncio.gather(
        *(database.write(ledger.id, single(OWNER, Update(number, draft(5, tags=["one"])))) for number in range(1, 17))
    )
    assert questions(variant.server) - before <= 14 + CONNECTING


CONNECTING = 8
"""Statements that a new connection begins with, at most, and those that ask for the number itself."""


def questions(server: DatabaseServer) -> int:
    """Statements that the server was sent since its start."""
    ((_, number),) = server.execute("SHOW GLOBAL STATUS LIKE 'Questions'")
    return int(str(number))


async def test_a_writer_does_not_mix_ledgers(database: Database, ledger: Ledger) -> None:
    other = await database.create_ledger("owner", name="Club", currency="EUR")
    made = await add(database, ledger, tags=["mine"])
    await database.write(ledger.id, create_category(OWNER, "Food"))
    for operation in (Update(made.id, draft()), Delete(made.id), Restore(made.id), Purge(made.id)):
        with pytest.raises(Refused) as refusal:
            await database.write(other.id, single(OWNER, operation))
        assert codes(refusal.value) == [Code.NOT_FOUND]
    with pytest.raises(Refused) as refusal:
        await database.write(other.id, create(category_id=1))
    assert codes(refusal.value) == [Code.NOT_FOUND]
    assert (await present(database, other)).version == 1
    await database.write(other.id, delete_all(OWNER, lambda _: ()))
    assert not (await fetch(database, ledger, made.id)).deleted
    own = await add(database, other, tags=["mine"])
    assert (own.id, own.ledger_id, own.currency, own.tag_ids) == (1, other.id, "EUR", (1,))


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**30])
async def test_an_id_that_cannot_be_is_not_found(database: Database, ledger: Ledger, number: int) -> None:
    for operation in (Update(number, draft()), Delete(number), Create(draft(category_id=number))):
        with pytest.raises(Refused) as refusal:
            await database.write(ledger.id, single(OWNER, operation))
        assert codes(refusal.value) == [Code.NOT_FOUND]


async def test_an_unknown_ledger_is_not_found(database: Database) -> None:
    outcomes = await asyncio.gather(*(database.write(3, create()) for _ in range(3)), return_exceptions=True)
    assert [codes(outcome) for outcome in outcomes] == [[Code.NOT_FOUND]] * 3


async def test_time_never_goes_back(database: Database, ledger: Ledger) -> None:
    clock = [ledger.created_at + 5_000_000]
    writer = Writer(database.engines.write, KINDS, Commits(), now=lambda: clock[0])
    first = (await writer.write(ledger.id, create())).entity
    clock[0] -= 3_600_000_000
    second = (await writer.write(ledger.id, create())).entity
    await writer.close()
    assert second.created_at == first.created_at == ledger.created_at + 5_000_000
    async with database.snapshot() as snapshot:
        at = [change.at for change in await changes_after(snapshot, ledger.id, (0, -1), 10)]
    assert at == sorted(at)


async def test_text_of_every_plane_comes_back_whole(database: Database, ledger: Ledger) -> None:
    merchant, description = "🍰 Café 👩‍👩‍👧 قهوة \U0010fffd", "a\n\tb \\ ' \" % _ :x %s é 💶"
    made = await add(database, ledger, merchant=merchant, description=description, tags=["🏷️ \\%_"])
    found = await fetch(database, ledger, made.id)
    assert (found.merchant, found.description) == (merchant, description)
    assert found == made


async def test_actors_are_noted(database: Database, ledger: Ledger) -> None:
    envelopes = [Envelope(name) for name in ("anna", "bert 🙂", "anna")]
    await asyncio.gather(*(database.write(ledger.id, create(envelope=envelope)) for envelope in envelopes))
    async with database.snapshot() as snapshot:
        found = [change.actor for change in await changes_after(snapshot, ledger.id, (1, 100), 10)]
    assert found == ["anna", "bert 🙂", "anna"]
