"""Whatever is written in whatever order: the present, every version and the feed of changes are one story.

Hypothesis makes up the writes; `tests.database.world` says what must come of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.budgets.model import Budget
from graphql_api.budgets.service import set_budget
from graphql_api.categories.model import Category
from graphql_api.categories.service import create_category, update_category
from graphql_api.database import commands, shelf
from graphql_api.database.database import Database
from graphql_api.database.history import changes_after, history, ledger_as_of, undo, version_at
from graphql_api.database.kinds import Kind
from graphql_api.database.reader import Snapshot
from graphql_api.database.states import by_ids
from graphql_api.database.writer import Write
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.model import UNSET, Operation
from graphql_api.tags.model import Tag
from graphql_api.tags.service import create_tag, rename_tag
from graphql_api.transactions import service
from graphql_api.transactions.filters import EVERYTHING
from graphql_api.transactions.model import Draft as Content
from graphql_api.transactions.model import Transaction
from graphql_api.transactions.totals import GroupBy, Totals, totals
from tests.database.drafts import OWNER
from tests.database.plugin import KINDS
from tests.database.world import Draft, Rejected, State, World, sums, timeless
from tests.hypotheses import examples

pytestmark = pytest.mark.anyio

KIND: Mapping[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
NAMES = st.sampled_from(["Food", "fóod", "Rent", "Fun", "🍰"])
MONTHS = st.sampled_from([202601, 202602])
ANY_ID = st.integers(1, 6)
IF_VERSION = st.none() | st.none() | st.none() | st.integers(1, 12)

Operations = tuple[Write, Callable[[Draft], None]]


@st.composite
def content(draw: st.DrawFn, *, patch: bool) -> Content:
    """The content of a transaction, or a patch of some of it."""
    values: dict[str, Any] = {
        "amount": draw(st.integers(-9, 9)),
        "date": draw(st.dates(date(2026, 1, 1), date(2026, 2, 28))),
    }
    values["currency"] = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    values["category_id"] = draw(st.none() | ANY_ID)
    values["tags"] = draw(st.lists(NAMES, max_size=3))
    values["external_id"] = draw(st.sampled_from([None, None, "a", "b", "c"]))
    values["merchant"] = draw(NAMES)
    if patch:
        left_out = draw(st.sets(st.sampled_from(["date", "category_id", "tags", "external_id", "merchant"])))
        values |= dict.fromkeys(left_out, UNSET)
        if draw(st.booleans()):
            values |= {"amount": UNSET, "currency": UNSET}
    return Content(**values)


def minor(amount: int, currency: str) -> int:
    return amount * {"USD": 100, "JPY": 1, "KWD": 1000}[currency]


def filled(draft: Draft, before: Transaction | None, given_: Content) -> Transaction:
    """The transaction that a content makes, told in plain words."""
    base = before or Transaction(ledger_id=0, id=0, date=date(2026, 1, 1), amount_minor=0, currency="USD")
    values: dict[str, Any] = {
        name: getattr(given_, name)
        for name in ("date", "category_id", "external_id", "merchant")
        if getattr(given_, name) is not UNSET
    }
    if given_.amount is not UNSET:
        values |= {"currency": given_.currency, "amount_minor": minor(given_.amount, str(given_.currency))}
    category_id = values.get("category_id")
    if category_id is not None:
        category = draft.state.get(("category", category_id))
        if category is None or category.deleted:
            raise Rejected
    made = replace(base, **values)
    if isinstance(given_.tags, list):
        made = replace(made, tag_ids=draft.tags(given_.tags))
    return made


@st.composite
def on_transactions(draw: st.DrawFn) -> tuple[service.Operation, Callable[[Draft], None]]:
    """One operation on a transaction, and what the model does for it."""
    entity_id, if_version = draw(ANY_ID), draw(IF_VERSION)
    match draw(st.sampled_from(["create", "create", "update", "update", "delete", "restore", "purge"])):
        case "create":
            made = draw(content(patch=False))
            return service.Create(made), lambda draft: draft.create("transaction", filled(draft, None, made))
        case "update":
            patch = draw(content(patch=True))

            def update(draft: Draft) -> None:
                before = draft.existing("transaction", entity_id, if_version)
                draft.put("transaction", filled(draft, before, patch))

            return service.Update(entity_id, patch, if_version), update
        case "delete":
            return service.Delete(entity_id, if_version), lambda d: d.delete("transaction", entity_id, if_version)
        case "restore":
            return service.Restore(entity_id, if_version), lambda d: d.restore("transaction", entity_id, if_version)
        case _:
            return service.Purge(entity_id, if_version), lambda d: d.purge("transaction", entity_id, if_version)


@st.composite
def batches(draw: st.DrawFn) -> Operations:
    """A batch; one that is not atomic leaves out the rows that would break a rule."""
    rows = draw(st.lists(on_transactions(), max_size=5))
    atomic = draw(st.booleans())

    def apply(draft: Draft) -> None:
        for _, change in rows:
            mark = draft.mark()
            try:
                change(draft)
                draft.check()
            except Rejected:
                if atomic:
                    raise
                draft.back_to(mark)

    return service.batch(OWNER, [operation for operation, _ in rows], atomic=atomic), apply


@st.composite
def on_others(draw: st.DrawFn) -> Operations:
    """A write to categories, tags or budgets that any kind has."""
    kind, entity_id, if_version = draw(st.sampled_from(["category", "tag", "budget"])), draw(ANY_ID), draw(IF_VERSION)
    name = draw(st.sampled_from(["delete", "restore", "purge"]))
    write = getattr(commands, name)(OWNER, KIND[kind], entity_id, if_version)
    return write, lambda draft: getattr(draft, name)(kind, entity_id, if_version)


@st.composite
def on_categories(draw: st.DrawFn) -> Operations:
    """A category that is made, renamed or moved."""
    name, parent_id = draw(NAMES), draw(st.none() | ANY_ID)
    if draw(st.booleans()):
        made = Category(ledger_id=0, id=0, name=name, parent_id=parent_id)
        return create_category(OWNER, name, parent_id), lambda draft: draft.create("category", made)
    entity_id, if_version = draw(ANY_ID), draw(IF_VERSION)

    def update(draft: Draft) -> None:
        before = draft.existing("category", entity_id, if_version)
        draft.put("category", replace(before, name=name, parent_id=parent_id))

    return update_category(OWNER, entity_id, name=name, parent_id=parent_id, if_version=if_version), update


@st.composite
def on_tags(draw: st.DrawFn) -> Operations:
    """A tag that is made or renamed."""
    name, entity_id = draw(NAMES), draw(ANY_ID)
    if draw(st.booleans()):
        return create_tag(OWNER, name), lambda draft: draft.create("tag", Tag(ledger_id=0, id=0, name=name))
    return (
        rename_tag(OWNER, entity_id, name),
        lambda draft: draft.put("tag", replace(draft.existing("tag", entity_id, None), name=name)),
    )


@st.composite
def on_budgets(draw: st.DrawFn) -> Operations:
    """A budget that is set."""
    month, amount, category_id = draw(MONTHS), draw(st.integers(0, 9)), draw(st.none() | ANY_ID)

    def apply(draft: Draft) -> None:
        live = [b for b in draft.all("budget") if (b.month, b.category_id) == (month, category_id) and not b.deleted]
        wanted = Budget(
            ledger_id=0, id=0, month=month, category_id=category_id, amount_minor=amount * 100, currency="USD"
        )
        if live:
            draft.put("budget", replace(live[0], amount_minor=amount * 100))
        else:
            draft.create("budget", wanted)

    text = f"{month // 100}-{month % 100:02}"
    return set_budget(OWNER, month=text, amount=amount, currency="USD", category_id=category_id), apply


@st.composite
def on_the_ledger(draw: st.DrawFn) -> Operations:
    """A new name, an end to all transactions, or an undo."""
    match draw(st.sampled_from(["rename", "delete all", "purge all", "undo", "undo", "undo"])):
        case "rename":
            name = draw(NAMES)

            def rename(draft: Draft) -> None:
                if draft.name != name:
                    draft.name = name
                    draft.kinds.add("ledger")

            return shelf.rename(OWNER, name), rename
        case "delete all":

            def delete_all(draft: Draft) -> None:
                for transaction in [t for t in draft.all("transaction") if not t.deleted]:
                    draft.delete("transaction", transaction.id, None)

            return service.delete_all(OWNER, lambda _: ()), delete_all
        case "purge all":

            def purge_all(draft: Draft) -> None:
                for transaction in [t for t in draft.all("transaction") if t.deleted]:
                    draft.purge("transaction", transaction.id, None)

            return service.purge_all(OWNER, lambda _: ()), purge_all
        case _:
            version = draw(st.integers(1, 14))
            return undo(OWNER, version, KIND), lambda draft: draft.undo(version)


@st.composite
def singles(draw: st.DrawFn) -> Operations:
    """One operation on a transaction, on its own."""
    operation, change = draw(on_transactions())
    return service.single(OWNER, operation), change


WRITES = st.one_of(
    singles(), singles(), batches(), on_categories(), on_tags(), on_budgets(), on_others(), on_the_ledger()
)


@settings(max_examples=examples(25))
@given(writes=st.lists(WRITES, min_size=3, max_size=14))
async def test_present_past_and_feed_are_one_story(database: Database, writes: list[Operations]) -> None:
    ledger = await database.create_ledger("owner", name="Household", currency="USD")
    world = World(ledger.id, "Household")
    for write, change in writes:
        expected = world.attempt(change)
        try:
            outcome = await database.write(ledger.id, write)
        except Refused as error:
            refusal: Refused | None = error
        else:
            refusal = None
            assert outcome.version == world.version
        assert (refusal is None) == expected, refusal
        await check_present(database, world)
    await check_feed(database, world)
    await check_past(database, world)


async def check_present(database: Database, world: World) -> None:
    async with database.snapshot() as snapshot:
        ledger = await snapshot.ledger(world.ledger_id)
        assert (ledger.version, ledger.name) == (world.version, world.names[-1])
        assert ledger.kinds == {kind.plural: world.kinds_at(kind.plural) for kind in KINDS}
        assert await states(snapshot, world, None) == world.present
        assert await grouped(snapshot, world, None, rescan=False) == sums(world.present)
        assert await grouped(snapshot, world, None, rescan=True) == sums(world.present)


async def states(snapshot: Snapshot, world: World, as_of: int | None) -> State:
    found: State = {}
    for kind in KIND.values():
        ids = list(range(1, world.last_ids[kind.name] + 3))
        entities = await by_ids(snapshot, kind, world.ledger_id, ids, as_of)
        found |= {(kind.name, entity_id): timeless(entity) for entity_id, entity in entities.items()}
    return found


async def grouped(snapshot: Snapshot, world: World, as_of: int | None, *, rescan: bool) -> dict[Any, Any]:
    query = Totals(wanted=EVERYTHING, group_by=(GroupBy.MONTH, GroupBy.CATEGORY), as_of=as_of, rescan=rescan)
    found = await totals(snapshot, world.ledger_id, query)
    return {(total.currency, total.month, total.category_id): (total.count, total.amount_minor) for total in found}


async def check_past(database: Database, world: World) -> None:
    async with database.snapshot() as snapshot:
        now = await snapshot.ledger(world.ledger_id)
        for version in range(1, world.version + 1):
            assert await states(snapshot, world, version) == world.versions[version]
            assert await grouped(snapshot, world, version, rescan=False) == sums(world.versions[version])
            then = await ledger_as_of(snapshot, now, version)
            assert (then.version, then.name) == (version, world.names[version])
            touched = {kind.plural: world.kinds_at(kind.plural) for kind in KINDS}
            assert then.kinds == {plural: min(last, version) for plural, last in touched.items()}
            assert await version_at(snapshot, now, then.updated_at) >= version


async def check_feed(database: Database, world: World) -> None:
    """Read the feed in small pages, and build every version from nothing but it."""
    places: list[tuple[int, int]] = []
    built: State = {}
    versions: dict[int, State] = {0: {}}
    purged: set[tuple[str, int]] = set()
    async with database.snapshot() as snapshot:
        after = (0, -1)
        while page := await changes_after(snapshot, world.ledger_id, after, 3):
            for change in page:
                key = (change.kind, change.entity_id)
                places.append((change.version, change.position))
                if change.kind != "ledger":
                    if change.operation is Operation.PURGE:
                        purged.add(key)
                        built.pop(key, None)
                    elif change.after is not None:
                        state = KIND[change.kind].from_state(
                            world.ledger_id, change.entity_id, change.version, change.after
                        )
                        built[key] = timeless(state)
                versions[change.version] = dict(built)
            after = places[-1]
        assert [version for version, position in places if position == 0] == list(range(1, world.version + 1))
        assert places == sorted(set(places))
        for version in range(1, world.version + 1):
            kept = {key: state for key, state in versions[version].items() if key not in purged}
            assert kept == world.versions[version]
        for kind, entity_id in [*world.present, *purged]:
            newest_first = await history(snapshot, world.ledger_id, kind, entity_id, limit=100)
            assert newest_first
            if (kind, entity_id) in purged:
                assert all(change.before is None and change.after is None for change in newest_first)
            else:
                assert newest_first[0].version == world.present[kind, entity_id].version
                assert newest_first[-1].operation is Operation.CREATE
