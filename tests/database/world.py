"""A ledger in plain Python: what it must hold after each write, told without any SQL.

A write is predicted by taking the present, changing it, and asking `broken` whether the ledger's rules still hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from graphql_api.budgets.model import Budget
from graphql_api.categories.model import DEEPEST, Category
from graphql_api.ledgers.model import Entity
from graphql_api.ledgers.text import search_key
from graphql_api.tags.model import Tag
from graphql_api.transactions.model import Transaction

Key = tuple[str, int]
State = dict[Key, Any]

PLURALS = {
    "transaction": "transactions",
    "category": "categories",
    "tag": "tags",
    "budget": "budgets",
    "member": "members",
}
_TIMES = {"created_at": 0, "updated_at": 0}


def timeless(entity: Any) -> Any:
    """The entity without its instants, which the model does not know."""
    return replace(entity, **_TIMES)


class Rejected(Exception):
    """The model says that the write is to be refused."""


@dataclass
class World:
    """One ledger: every version's entities, without their instants."""

    ledger_id: int
    name: str
    versions: list[State] = field(default_factory=lambda: [{}, {}])  # by version; a ledger begins at 1
    names: list[str] = field(default_factory=lambda: ["", ""])
    last_ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PLURALS, 0))
    touched: list[set[str]] = field(default_factory=lambda: [set(), set()])
    changed: list[set[Key]] = field(default_factory=lambda: [set(), set()])

    def __post_init__(self) -> None:
        self.names[1] = self.name

    @property
    def version(self) -> int:
        """The version that the ledger is at."""
        return len(self.versions) - 1

    @property
    def present(self) -> State:
        """The entities now, by kind and id."""
        return self.versions[-1]

    def attempt(self, change: "Callable[[Draft], None]") -> bool:
        """Make a change if the rules allow it; whether they did."""
        draft = Draft(self, dict(self.present), dict(self.last_ids), self.names[-1])
        try:
            change(draft)
            draft.check()
        except Rejected:
            return False
        self.accept(draft)
        return True

    def accept(self, draft: "Draft") -> None:
        """Take over what a draft changed; nothing changed makes no version."""
        if not draft.kinds:
            return
        self.versions.append(draft.state)
        self.names.append(draft.name)
        self.last_ids = draft.last_ids
        self.touched.append(draft.kinds)
        written = {key for key, entity in draft.state.items() if entity.version == self.version}
        self.changed.append(written | draft.purged)
        for key in draft.purged:
            for state in self.versions:
                state.pop(key, None)

    def kinds_at(self, plural: str) -> int:
        """The last version that touched a kind."""
        singular = next(name for name, many in PLURALS.items() if many == plural)
        return max((v for v, kinds in enumerate(self.touched) if singular in kinds), default=0)


@dataclass
class Draft:
    """The next version while it is being made."""

    world: World
    state: State
    last_ids: dict[str, int]
    name: str
    kinds: set[str] = field(default_factory=set)
    purged: set[Key] = field(default_factory=set)

    @property
    def version(self) -> int:
        """The version being made."""
        return self.world.version + 1

    def mark(self) -> "Draft":
        """A copy to come back to."""
        return replace(
            self,
            state=dict(self.state),
            last_ids=dict(self.last_ids),
            kinds=set(self.kinds),
            purged=set(self.purged),
        )

    def back_to(self, mark: "Draft") -> None:
        """Forget what came after the mark."""
        self.state, self.last_ids, self.kinds, self.purged = mark.state, mark.last_ids, mark.kinds, mark.purged

    def put(self, kind: str, entity: Any) -> None:
        """Set an entity's state, if it differs from the one it has."""
        before = self.state.get((kind, entity.id))
        if before is not None and replace(before, version=0) == replace(entity, version=0):
            return
        self.state[kind, entity.id] = replace(entity, version=self.version)
        self.kinds.add(kind)

    def create(self, kind: str, entity: Any) -> Any:
        """Add an entity under the next id."""
        self.last_ids[kind] += 1
        made = replace(entity, ledger_id=self.world.ledger_id, id=self.last_ids[kind])
        self.put(kind, made)
        return made

    def existing(self, kind: str, entity_id: int, if_version: int | None, *, deleted: bool = False) -> Any:
        """The entity that is to be changed."""
        entity = self.state.get((kind, entity_id))
        if entity is None or entity.deleted != deleted or if_version not in {None, entity.version}:
            raise Rejected
        return entity

    def delete(self, kind: str, entity_id: int, if_version: int | None) -> None:
        """Mark as deleted."""
        entity = self.existing(kind, entity_id, if_version)
        self.put(kind, replace(entity, deleted=True))

    def restore(self, kind: str, entity_id: int, if_version: int | None) -> None:
        """Take the mark away."""
        self.put(kind, replace(self.existing(kind, entity_id, if_version, deleted=True), deleted=False))

    def purge(self, kind: str, entity_id: int, if_version: int | None) -> None:
        """Remove for good."""
        entity = self.existing(kind, entity_id, if_version, deleted=True)
        del self.state[kind, entity.id]
        self.kinds.add(kind)
        self.purged.add((kind, entity.id))

    def tags(self, names: list[str]) -> tuple[int, ...]:
        """The ids of the tags of these names, made where there are none."""
        ids: dict[int, None] = {}
        for name in names:
            live = [tag for tag in self.all("tag") if not tag.deleted and search_key(tag.name) == search_key(name)]
            tag = live[0] if live else self.create("tag", Tag(ledger_id=0, id=0, name=name))
            ids[tag.id] = None
        return tuple(ids)

    def undo(self, version: int) -> None:
        """Give all that a version changed the content it had before."""
        world = self.world
        if not 1 < version <= world.version:
            raise Rejected
        for key in world.changed[version]:
            present, after = self.state.get(key), world.versions[version].get(key)
            if present is None or after is None or present.version != version:
                raise Rejected
            before = world.versions[version - 1].get(key)
            self.put(key[0], before or replace(after, deleted=True))
        if world.names[version] != world.names[version - 1]:
            if self.name != world.names[version]:
                raise Rejected
            self.name = world.names[version - 1]
            self.kinds.add("ledger")

    def all(self, kind: str) -> Iterator[Any]:
        """The entities of a kind."""
        return (entity for (name, _), entity in self.state.items() if name == kind)

    def check(self) -> None:
        """Raise `Rejected` if a rule of the ledger is broken."""
        if any(broken(self.state)):
            raise Rejected


def broken(state: State) -> Iterator[bool]:
    """For each rule between entities, whether it is broken."""
    categories = {key[1]: entity for key, entity in state.items() if key[0] == "category"}
    tags = {key[1]: entity for key, entity in state.items() if key[0] == "tag"}
    budgets = [entity for key, entity in state.items() if key[0] == "budget"]
    transactions = [entity for key, entity in state.items() if key[0] == "transaction"]

    def dangling(entity: Entity, category_id: int | None) -> bool:
        if category_id is None:
            return False
        category = categories.get(category_id)
        return category is None or (category.deleted and not entity.deleted)

    yield any(dangling(entity, entity.category_id) for entity in [*budgets, *transactions])
    yield any(dangling(entity, entity.parent_id) for entity in categories.values())
    yield any(tag_id not in tags for transaction in transactions for tag_id in transaction.tag_ids)
    yield _twice(t.external_id for t in transactions if t.external_id is not None)
    yield _twice(search_key(tag.name) for tag in tags.values() if not tag.deleted)
    yield _twice((c.parent_id, search_key(c.name)) for c in categories.values() if not c.deleted)
    yield _twice((b.month, b.category_id, b.currency) for b in budgets if not b.deleted)
    yield any(_too_deep(categories, category) for category in categories.values() if not category.deleted)


def _twice(values: Iterator[Any]) -> bool:
    found = list(values)
    return len(found) != len(set(found))


def _too_deep(categories: dict[int, Category], category: Category) -> bool:
    level = 1
    while category.parent_id is not None and level <= DEEPEST:
        level += 1
        category = categories[category.parent_id]
    return level > DEEPEST


def sums(state: State) -> dict[tuple[str, date, int], tuple[int, int]]:
    """Count and sum of the transactions that are not deleted, by currency, month and category."""
    found: dict[tuple[str, date, int], tuple[int, int]] = {}
    for (kind, _), entity in state.items():
        if kind == "transaction" and not entity.deleted:
            assert isinstance(entity, Transaction)
            key = (entity.currency, entity.date.replace(day=1), entity.category_id or 0)
            count, amount = found.get(key, (0, 0))
            found[key] = (count + 1, amount + entity.amount_minor)
    return found


__all__ = ["Budget", "Draft", "Rejected", "State", "World", "broken", "sums", "timeless"]
