"""Members: what each role may do, whoever asks how; coming, going, and the last owner."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from graphql_api.database import commands
from graphql_api.database.database import Database
from graphql_api.database.history import changes_after, undo
from graphql_api.database.shelf import rename
from graphql_api.database.states import by_ids
from graphql_api.database.writer import Envelope
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Ledger
from graphql_api.ledgers.principal import LOCAL, NOBODY, Principal, Role
from graphql_api.members.model import Member
from graphql_api.members.service import accept, change_role, digest_of, grant, invite, leave, new_code, remove
from graphql_api.members.store import MEMBER, ledger_of_code
from graphql_api.tags.service import create_tag
from graphql_api.tags.store import TAG
from tests.database.plugin import KINDS, Statements

pytestmark = pytest.mark.anyio

KIND = {kind.name: kind for kind in KINDS}


@dataclass
class Person:
    """Somebody with the database as they have it."""

    database: Database
    name: str
    cap: Role = Role.OWNER

    @property
    def view(self) -> Database:
        """Their view."""
        return self.database.acting_as(Principal(self.name, self.cap), {"door": "test", "address": "::1"})

    @property
    def envelope(self) -> Envelope:
        """What they sign with."""
        return Envelope(self.name)

    async def write(self, ledger: Ledger, write: Any) -> Any:
        """Do a write, and give its entity."""
        return (await self.view.write(ledger.id, write)).entity

    async def tag(self, ledger: Ledger, name: str) -> Any:
        """Make a tag."""
        return await self.write(ledger, create_tag(self.envelope, name))

    async def join(self, ledger: Ledger, owner: "Person", role: Role) -> Member:
        """Take a seat by an invitation."""
        code = new_code()
        await owner.write(ledger, invite(owner.envelope, role, digest_of(code), 7))
        found: Member = await self.write(ledger, accept(self.envelope, digest_of(code)))
        return found

    async def sees(self, ledger: Ledger) -> bool:
        """Whether the ledger is there for them."""
        async with self.view.snapshot() as snapshot:
            return bool(await snapshot.ledgers([ledger.id]))


@pytest.fixture
async def anna(database: Database) -> Person:
    """The owner."""
    return Person(database, "anna")


@pytest.fixture
async def bert(database: Database) -> Person:
    """Somebody else."""
    return Person(database, "bert")


@pytest.fixture
async def book(anna: Person) -> Ledger:
    """Anna's ledger."""
    return await anna.view.create_ledger("", name="Household", currency="USD")


async def code_of(attempt: Any) -> Code:
    """Why it is refused."""
    with pytest.raises(Refused) as refusal:
        await attempt
    return refusal.value.problems[0].code


async def test_who_makes_a_ledger_owns_it(anna: Person, bert: Person, book: Ledger) -> None:
    assert (book.version, book.kinds["members"], book.role) == (2, 2, Role.OWNER)
    assert await anna.sees(book)
    assert not await bert.sees(book)
    async with anna.view.snapshot() as snapshot:
        (seat,) = (await by_ids(snapshot, MEMBER, book.id, [1])).values()
        assert (seat.subject, seat.role) == ("anna", "owner")
        changes = await changes_after(snapshot, book.id, (0, 0), 10)
    assert [(change.kind, change.actor, change.source) for change in changes] == [
        (kind, "anna", {"door": "test", "address": "::1"}) for kind in ("ledger", "member")
    ]


async def test_a_ledger_of_others_is_one_that_is_not_there(anna: Person, bert: Person, book: Ledger) -> None:
    tag = await anna.tag(book, "secret")
    for someone in (bert.view, bert.database.acting_as(NOBODY)):
        for ledger_id in (book.id, book.id + 1):
            async with someone.snapshot() as snapshot:
                assert await snapshot.ledgers([ledger_id]) == {}
                assert await code_of(snapshot.ledger(ledger_id)) is Code.NOT_FOUND
                assert await code_of(by_ids(snapshot, TAG, ledger_id, [tag.id])) is Code.NOT_FOUND
                assert await code_of(changes_after(snapshot, ledger_id, (0, 0), 10)) is Code.NOT_FOUND
                assert not [one for one in await snapshot.shelf(limit=1000) if one.id == ledger_id]
            for write in (create_tag(bert.envelope, "x"), leave(bert.envelope), rename(bert.envelope, "mine")):
                with pytest.raises(Refused) as refusal:
                    await someone.write(ledger_id, write)
                assert refusal.value.problems[0].code in {Code.NOT_FOUND, Code.FORBIDDEN}


async def test_the_local_principal_has_all(database: Database, book: Ledger) -> None:
    async with database.acting_as(LOCAL).snapshot() as snapshot:
        assert (await snapshot.ledger(book.id)).role is None
    outcome = await database.acting_as(LOCAL).write(book.id, create_tag(Envelope("local"), "x"))
    assert outcome.count == 1


@pytest.mark.parametrize("role", list(Role))
async def test_what_a_role_may_do(anna: Person, bert: Person, book: Ledger, role: Role) -> None:
    tag = await anna.tag(book, "a")
    await anna.write(book, commands.delete(anna.envelope, TAG, tag.id))
    await bert.join(book, anna, role)
    async with bert.view.snapshot() as snapshot:
        assert (await snapshot.ledger(book.id)).role is role
        assert len(await by_ids(snapshot, TAG, book.id, [tag.id])) == 1
    attempts = {
        Role.EDITOR: [create_tag(bert.envelope, "b"), commands.restore(bert.envelope, TAG, tag.id)],
        Role.OWNER: [
            rename(bert.envelope, "ours"),
            invite(bert.envelope, Role.VIEWER, digest_of(new_code()), 1),
            commands.purge(bert.envelope, TAG, (await deleted_tag(anna, book)).id),
        ],
    }
    for needed, writes in attempts.items():
        for write in writes:
            if role.reaches(needed):
                assert (await bert.view.write(book.id, write)).count == 1
            else:
                before = await version(anna, book)
                assert await code_of(bert.view.write(book.id, write)) is Code.FORBIDDEN
                assert await version(anna, book) == before


async def deleted_tag(person: Person, book: Ledger) -> Any:
    made = await person.tag(book, "to be purged")
    return await person.write(book, commands.delete(person.envelope, TAG, made.id))


async def version(person: Person, book: Ledger) -> int:
    async with person.view.snapshot() as snapshot:
        return (await snapshot.ledger(book.id)).version


async def test_a_token_may_be_for_less_than_its_owner_may(database: Database, anna: Person, book: Ledger) -> None:
    reading = Person(database, "anna", Role.VIEWER)
    assert await reading.sees(book)
    assert await code_of(reading.tag(book, "x")) is Code.FORBIDDEN
    assert await code_of(reading.view.create_ledger("", name="x", currency="USD")) is Code.FORBIDDEN
    assert await code_of(reading.write(book, leave(reading.envelope))) is Code.FORBIDDEN
    writing = Person(database, "anna", Role.EDITOR)
    assert (await writing.tag(book, "x")).name == "x"
    assert await code_of(writing.write(book, rename(writing.envelope, "y"))) is Code.FORBIDDEN
    assert anna.name == "anna"


async def test_an_invitation_is_taken_once(database: Database, anna: Person, bert: Person, book: Ledger) -> None:
    code = new_code()
    digest = digest_of(code)
    seat = await anna.write(book, invite(anna.envelope, Role.EDITOR, digest, 7))
    assert (seat.subject, seat.invited_by, seat.code_digest) == (None, "anna", digest)
    assert await ledger_of_code(database.engines.read, digest) == book.id
    assert code not in repr(seat)
    others = [Person(database, f"person {number}") for number in range(5)]
    taken = await asyncio.gather(
        *(one.write(book, accept(one.envelope, digest)) for one in others), return_exceptions=True
    )
    (joined,) = [one for one in taken if not isinstance(one, BaseException)]
    assert all(isinstance(one, (Refused, Member)) for one in taken)
    assert (joined.role, joined.code_digest, joined.expires_at) == ("editor", None, None)
    assert [await one.sees(book) for one in others].count(True) == 1
    assert await ledger_of_code(database.engines.read, digest) is None
    assert await code_of(bert.write(book, accept(bert.envelope, digest))) is Code.NOT_FOUND


async def test_an_invitation_ends(anna: Person, bert: Person, book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [digest_of(new_code()) for _ in range(2)]
    seat = await anna.write(book, invite(anna.envelope, Role.EDITOR, codes[0], 1))
    await anna.write(book, remove(anna.envelope, seat.id))
    assert await code_of(bert.write(book, accept(bert.envelope, codes[0]))) is Code.NOT_FOUND
    await anna.write(book, invite(anna.envelope, Role.EDITOR, codes[1], 1))
    now = calendar.now()
    monkeypatch.setattr(anna.database._writer, "_now", lambda: now + 25 * 60 * 60 * 1_000_000)  # noqa: SLF001
    assert await code_of(bert.write(book, accept(bert.envelope, codes[1]))) is Code.NOT_FOUND
    for days in (0, 91):
        with pytest.raises(Refused):
            invite(anna.envelope, Role.EDITOR, codes[0], days)
    for text in ("", "invite_", "invite_" + "é" * 43, new_code() + "x"):
        with pytest.raises(Refused):
            digest_of(text)


async def test_whoever_is_out_is_out_at_once(anna: Person, bert: Person, book: Ledger) -> None:
    seat = await bert.join(book, anna, Role.EDITOR)
    assert (await bert.tag(book, "a")).id == 1
    await anna.write(book, change_role(anna.envelope, seat.id, Role.VIEWER))
    assert await code_of(bert.tag(book, "b")) is Code.FORBIDDEN
    await anna.write(book, remove(anna.envelope, seat.id))
    assert not await bert.sees(book)
    assert await code_of(bert.tag(book, "c")) is Code.NOT_FOUND
    again = await bert.join(book, anna, Role.VIEWER)
    assert again.id != seat.id
    assert await bert.sees(book)
    await bert.write(book, leave(bert.envelope))
    assert not await bert.sees(book)


async def test_the_writer_looks_again_under_the_lock(
    anna: Person, bert: Person, book: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = await bert.join(book, anna, Role.EDITOR)
    gate = asyncio.Event()
    write = bert.database._writer.write  # noqa: SLF001

    async def late(ledger_id: int, given: Any) -> Any:
        """What the view lets through, held up on its way to the writer."""
        if given.envelope.subject == "bert":
            await gate.wait()
        return await write(ledger_id, given)

    monkeypatch.setattr(bert.database._writer, "write", late)  # noqa: SLF001
    pending = asyncio.create_task(bert.tag(book, "late"))
    await asyncio.sleep(0.05)
    await anna.write(book, remove(anna.envelope, seat.id))
    gate.set()
    assert await code_of(pending) is Code.NOT_FOUND


async def test_a_stranger_holds_up_nobody(anna: Person, bert: Person, book: Ledger) -> None:
    with Statements(anna.database.engines.write) as statements:
        assert await code_of(bert.tag(book, "x")) is Code.NOT_FOUND
    assert statements.sent == [], "the ledger's row is not locked for a stranger"


async def test_a_ledger_keeps_an_owner(anna: Person, bert: Person, book: Ledger) -> None:
    seat = await bert.join(book, anna, Role.EDITOR)
    attempts = [
        leave(anna.envelope),
        remove(anna.envelope, 1),
        change_role(anna.envelope, 1, Role.EDITOR),
    ]
    for attempt in attempts:
        assert await code_of(anna.view.write(book.id, attempt)) is Code.IN_USE
    await anna.write(book, change_role(anna.envelope, seat.id, Role.OWNER))
    await anna.write(book, leave(anna.envelope))
    assert not await anna.sees(book)
    assert await code_of(bert.view.write(book.id, leave(bert.envelope))) is Code.IN_USE
    # an invitation is nobody yet
    await bert.write(book, invite(bert.envelope, Role.OWNER, digest_of(new_code()), 7))
    assert await code_of(bert.view.write(book.id, leave(bert.envelope))) is Code.IN_USE


async def test_two_owners_who_leave_at_once_leave_one(anna: Person, bert: Person, book: Ledger) -> None:
    await bert.join(book, anna, Role.OWNER)
    left = await asyncio.gather(*(one.write(book, leave(one.envelope)) for one in (anna, bert)), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in left) == [False, True]


async def test_a_change_of_members_is_undone_by_owners_only(anna: Person, bert: Person, book: Ledger) -> None:
    await bert.join(book, anna, Role.EDITOR)
    outcome = await anna.view.write(book.id, change_role(anna.envelope, 2, Role.VIEWER))
    assert await code_of(bert.view.write(book.id, undo(bert.envelope, outcome.version, KIND))) is Code.FORBIDDEN
    await anna.view.write(book.id, undo(anna.envelope, outcome.version, KIND))
    assert (await bert.tag(book, "again")).id == 1
    assert await code_of(anna.view.write(book.id, undo(anna.envelope, 2, KIND))) is Code.IN_USE


async def test_an_undo_leaves_an_owner_too(anna: Person, bert: Person, book: Ledger) -> None:
    seat = await bert.join(book, anna, Role.EDITOR)
    raised = await anna.view.write(book.id, change_role(anna.envelope, seat.id, Role.OWNER))
    await anna.write(book, leave(anna.envelope))
    assert await code_of(bert.view.write(book.id, undo(bert.envelope, raised.version, KIND))) is Code.IN_USE


async def test_who_administers_the_database_gives_seats(database: Database, anna: Person, bert: Person) -> None:
    ledger = await database.create_ledger("local", name="Old", currency="USD")
    assert ledger.version == 1
    assert not await anna.sees(ledger)
    assert await code_of(database.write(ledger.id, grant(Envelope("local"), "bert", Role.EDITOR))) is Code.IN_USE
    await database.write(ledger.id, grant(Envelope("local"), "anna", Role.OWNER))
    assert await anna.sees(ledger)
    await database.write(ledger.id, grant(Envelope("local"), "anna", Role.OWNER))
    await database.write(ledger.id, grant(Envelope("local"), "bert", Role.VIEWER))
    assert await code_of(bert.tag(ledger, "x")) is Code.FORBIDDEN
    await database.write(ledger.id, grant(Envelope("local"), "bert", Role.EDITOR))
    assert (await bert.tag(ledger, "x")).id == 1
    for subject in ("", "local", " x"):
        with pytest.raises(Refused):
            grant(Envelope("local"), subject, Role.OWNER)
