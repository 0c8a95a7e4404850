"""The book: one ledger, its row locked, within one database transaction.

Commands read and write it in memory one after another; each sees what those before it left, and one that is refused
leaves nothing. `flush` then sends the rows of all of them in a handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, select, update

from graphql_api.database.reader import LEDGER_COLUMNS, ledger_from_row
from graphql_api.database.seats import no_such_ledger
from graphql_api.database.steps import Step, send
from graphql_api.database.tables import KINDS, ledgers
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST
from graphql_api.ledgers.model import Entity, Ledger, Operation
from graphql_api.ledgers.principal import Role
from graphql_api.telemetry.access import denied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql import ColumnElement

    from graphql_api.database.kinds import Kind
    from graphql_api.database.writer import Tally

E = TypeVar("E", bound=Entity)

_LAST_IDS = [ledgers.c[f"{kind}_last_id"] for kind in KINDS]

# Made once: SQLAlchemy keeps the key of the compiled form with the statement object. Every group runs both.
_LOCK = select(*LEDGER_COLUMNS, *_LAST_IDS).where(ledgers.c.id == bindparam("_id")).with_for_update()
_ADVANCE = (
    update(ledgers)
    .where(ledgers.c.id == bindparam("_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "name",
                "version",
                "updated_at",
                *(f"{kind}_{part}" for kind in KINDS for part in ("version", "last_id")),
            )
        }
    )
)
_IN_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a command had come."""

    ledger: Ledger
    last_ids: dict[str, int]
    steps: int
    position: int


class Book:
    """See the module. `at` is this transaction's instant, never before that of an earlier version."""

    def __init__(self, connection: AsyncConnection, ledger: Ledger, last_ids: dict[str, int], at: int) -> None:
        """Made by `open`."""
        self.connection = connection
        self.ledger = ledger
        self.at = max(at, ledger.updated_at)
        self._last_ids = last_ids
        self._present: dict[tuple[str, int], Any] = {}
        self._indexes: dict[tuple[str, str], dict[Any, set[int]]] = {}
        self._looked_up: dict[tuple[str, str], set[Any]] = defaultdict(set)
        self._steps: list[Step] = []
        self._actor = ""
        self._source: str | None = None
        self._role = Role.OWNER
        self._undoes: int | None = None
        self._position = 0
        self._start = self.mark()
        self.tally: Tally | None = None

    @classmethod
    async def open(cls, connection: AsyncConnection, ledger_id: int, at: int) -> Book:
        """Lock the ledger's row and read it. Refused when there is no such ledger."""
        row = (await connection.execute(_LOCK, {"_id": ledger_id})).one_or_none()
        if row is None:
            raise no_such_ledger()
        width = len(LEDGER_COLUMNS)
        ledger = ledger_from_row(row[:width])
        return cls(connection, ledger, dict(zip(KINDS, row[width:], strict=True)), at)

    # commands

    def begin(self, actor: str, role: Role = Role.OWNER, source: str | None = None) -> None:
        """Start a command; what it writes is one version of the ledger. `role` is what its actor may do."""
        self._actor, self._role, self._source, self._undoes, self._position = actor, role, source, None, 0
        self._start = self.mark()

    def abandon(self) -> None:
        """Forget what the command wrote."""
        self.back_to(self._start)

    def mark(self) -> Mark:
        """A point within the command that `back_to` returns to."""
        return Mark(self.ledger, dict(self._last_ids), len(self._steps), self._position)

    def back_to(self, mark: Mark) -> None:
        """Forget what was written since the mark."""
        for step in reversed(self._steps[mark.steps :]):
            if step.kind is not None:
                self._put(step.kind, step.entity_id, step.before)
        del self._steps[mark.steps :]
        self.ledger, self._last_ids, self._position = mark.ledger, dict(mark.last_ids), mark.position

    def undoing(self, version: int) -> None:
        """Mark the command's changes as the undoing of an earlier version's."""
        self._undoes = version

    @property
    def actor(self) -> str:
        """The subject of who gives the command."""
        return self._actor

    @property
    def changed(self) -> int:
        """How many entities the command has changed so far."""
        return self._position

    # reading

    async def get(self, kind: Kind[E], ids: Iterable[int]) -> dict[int, E]:
        """The present states of those of the ids that exist, deleted ones too."""
        wanted = list(dict.fromkeys(ids))
        missing = [entity_id for entity_id in wanted if (kind.name, entity_id) not in self._present]
        if missing:
            for entity in await self._load(
                kind, "id", [entity_id for entity_id in missing if 0 < entity_id <= LARGEST]
            ):
                self._put(kind, entity.id, entity)
            for entity_id in missing:
                self._present.setdefault((kind.name, entity_id), None)
        found = {entity_id: self._present[kind.name, entity_id] for entity_id in wanted}
        return {entity_id: entity for entity_id, entity in found.items() if entity is not None}

    async def find(self, kind: Kind[E], column: str, values: Iterable[Any]) -> dict[Any, list[E]]:
        """The present states whose column has one of the values, deleted ones too, by value and id."""
        if column == "id":
            return {entity_id: [entity] for entity_id, entity in (await self.get(kind, values)).items()}
        wanted = list(dict.fromkeys(values))
        key = (kind.name, column)
        if key not in self._indexes:
            index: dict[Any, set[int]] = defaultdict(set)
            for (name, entity_id), entity in self._present.items():
                if name == kind.name and entity is not None:
                    index[_value(kind, entity, column)].add(entity_id)
            self._indexes[key] = index
        missing = [value for value in wanted if value not in self._looked_up[key]]
        if missing:
            for entity in await self._load(kind, column, missing):
                if (kind.name, entity.id) not in self._present:
                    self._put(kind, entity.id, entity)
            self._looked_up[key].update(missing)
        index = self._indexes[key]
        return {
            value: [self._present[kind.name, entity_id] for entity_id in sorted(index.get(value, ()))]
            for value in wanted
        }

    async def scan(self, kind: Kind[E], *conditions: ColumnElement[bool], size: int = 2000) -> AsyncIterator[list[E]]:
        """All present states that meet the conditions, in pages by id. Only for commands that run alone."""
        after = 0
        while True:
            statement = (
                select(*kind.columns())
                .where(kind.table.c.ledger_id == self.ledger.id, kind.table.c.id > after, *conditions)
                .order_by(kind.table.c.id)
                .limit(size)
            )
            rows = (await self.connection.execute(statement)).all()
            page = [kind.from_row(row) for row in rows]
            if page:
                after = page[-1].id
                yield page
            if len(page) < size:
                return

    async def _load(self, kind: Kind[E], column: str, values: list[Any]) -> list[E]:
        found: list[E] = []
        for start in range(0, len(values), _IN_AT_ONCE):
            some = values[start : start + _IN_AT_ONCE]
            statement = select(*kind.columns()).where(
                kind.table.c.ledger_id == self.ledger.id, kind.table.c[column].in_(some)
            )
            found.extend(kind.from_row(row) for row in (await self.connection.execute(statement)).all())
        return found

    # writing

    def create(self, kind: Kind[E], entity: E) -> E:
        """Add an entity; its ledger, id, version and instants are set here."""
        entity_id = self._last_ids[kind.plural] + 1
        self._last_ids[kind.plural] = entity_id
        made = replace(
            entity,
            ledger_id=self.ledger.id,
            id=entity_id,
            version=self._start.ledger.version + 1,
            created_at=self.at,
            updated_at=self.at,
            deleted=False,
        )
        return self._stage(kind, Operation.CREATE, None, made)

    def update(self, kind: Kind[E], before: E, after: E, operation: Operation = Operation.UPDATE) -> E:
        """Replace an entity's state; a state that is the same writes nothing and keeps its version."""
        if kind.same(before, after):
            return before
        staged = replace(after, version=self._start.ledger.version + 1, updated_at=self.at)
        return self._stage(kind, operation, before, staged)

    def delete(self, kind: Kind[E], before: E) -> E:
        """Mark as deleted."""
        return self.update(kind, before, replace(before, deleted=True), Operation.DELETE)

    def restore(self, kind: Kind[E], before: E) -> E:
        """Take the deletion mark away."""
        return self.update(kind, before, replace(before, deleted=False), Operation.RESTORE)

    def purge(self, kind: Kind[E], before: E) -> None:
        """Remove for good, with the content of every earlier change."""
        self._record(kind, before.id, Operation.PURGE, before, None)
        self._put(kind, before.id, None)

    def describe(self, *, name: str) -> Ledger:
        """Rename the ledger."""
        if name != self.ledger.name:
            before = self.ledger
            self._record(None, 0, Operation.UPDATE, before, replace(before, name=name))
            self.ledger = replace(self.ledger, name=name)
        return self.ledger

    def _stage(self, kind: Kind[E], operation: Operation, before: E | None, after: E) -> E:
        self._record(kind, after.id, operation, before, after)
        self._put(kind, after.id, after)
        return after

    def _record(self, kind: Kind[Any] | None, entity_id: int, operation: Operation, before: Any, after: Any) -> None:
        needed = Role.OWNER if kind is None or operation is Operation.PURGE else kind.writer
        if not self._role.reaches(needed):
            raise forbidden(self._role, needed)
        step = Step(
            kind=kind,
            entity_id=entity_id,
            operation=operation,
            before=before,
            after=after,
            version=self._advance(kind),
            position=self._position,
            actor=self._actor,
            undoes=self._undoes,
            source=self._source,
        )
        self._steps.append(step)
        self._position += 1

    def _advance(self, kind: Kind[Any] | None) -> int:
        version = self._start.ledger.version + 1
        kinds = self.ledger.kinds if kind is None else {**self.ledger.kinds, kind.plural: version}
        self.ledger = replace(self.ledger, version=version, updated_at=self.at, kinds=kinds)
        return version

    def _put(self, kind: Kind[E], entity_id: int, entity: E | None) -> None:
        key = (kind.name, entity_id)
        before = self._present.get(key)
        self._present[key] = entity
        for (name, column), index in self._indexes.items():
            if name == kind.name:
                if before is not None:
                    index[_value(kind, before, column)].discard(entity_id)
                if entity is not None:
                    index[_value(kind, entity, column)].add(entity_id)

    # sending

    async def flush(self) -> None:
        """Send what is staged. A command that runs alone may call it in between, to bound its memory."""
        steps, self._steps = self._steps, []
        # what is sent can be read again
        self._present.clear()
        self._indexes.clear()
        self._looked_up.clear()
        self._start = replace(self._start, steps=0)
        if not steps:
            return
        if self.tally is not None:
            self.tally.add(steps)
        await send(self.connection, self.ledger.id, self.at, steps)
        values: dict[str, Any] = {
            "_id": self.ledger.id,
            "name": self.ledger.name,
            "version": self.ledger.version,
            "updated_at": self.ledger.updated_at,
        }
        for plural in KINDS:
            values[f"{plural}_version"] = self.ledger.kinds[plural]
            values[f"{plural}_last_id"] = self._last_ids[plural]
        await self.connection.execute(_ADVANCE, values)


def forbidden(role: Role, needed: Role) -> Refused:
    """What somebody is told whose role, or token, does not go that far."""
    message = f"This takes the role {needed.value}; you act as {role.value}."
    denied("role", message)
    return Refused.because(Code.FORBIDDEN, message)


def _value(kind: Kind[Any], entity: Any, column: str) -> Any:
    return getattr(entity, column) if column in kind.names else kind.derive(entity)[column]
