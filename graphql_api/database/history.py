"""The past: changes in order, an entity's history, the version at an instant, and undoing a version."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from graphql_api.database.outcome import Outcome, Result
from graphql_api.database.steps import LEDGER_KIND
from graphql_api.database.tables import changes
from graphql_api.database.writer import Envelope, Write
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Change, Ledger, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Row

    from graphql_api.database.book import Book
    from graphql_api.database.kinds import Kind
    from graphql_api.database.reader import Snapshot

Position = tuple[int, int]
"""Where a change stands in its ledger's feed: its version, and its place within that."""


async def version_at(snapshot: Snapshot, ledger: Ledger, instant: int) -> int:
    """The ledger's version at an instant (microseconds of UTC since 1970). Refused before it was created."""
    if instant < ledger.created_at:
        raise Refused.because(Code.NOT_FOUND, "The ledger did not exist at that instant.", "asOf", "instant")
    # instants never decrease from one version to the next, so this is one seek into their index
    statement = (
        select(changes.c.version)
        .where(changes.c.ledger_id == ledger.id, changes.c.at <= instant)
        .order_by(changes.c.at.desc(), changes.c.version.desc())
        .limit(1)
    )
    (row,) = await snapshot.rows(ledger.id, statement)
    return int(row[0])


async def ledger_as_of(snapshot: Snapshot, ledger: Ledger, version: int) -> Ledger:
    """The ledger's own row as it was at a version. Refused for versions that are not there (yet).

    Of a kind that was written later too, `kinds` holds that version itself: none after it had touched the kind.
    """
    if not 1 <= version <= ledger.version:
        message = f"The ledger has the versions 1 to {ledger.version}."
        raise Refused.because(Code.NOT_FOUND, message, "asOf", "version")
    if version == ledger.version:
        return ledger
    own = changes.c.ledger_id == ledger.id
    later = (
        select(changes.c.before)
        .where(own, changes.c.kind == LEDGER_KIND, changes.c.entity_id == 0, changes.c.version > version)
        .order_by(changes.c.version)
        .limit(1)
    )
    renamed = await snapshot.rows(ledger.id, later)
    instant = select(changes.c.at).where(own, changes.c.version == version).limit(1)
    (written,) = await snapshot.rows(ledger.id, instant)
    values: dict[str, Any] = json.loads(renamed[0][0]) if renamed else {}
    return replace(
        ledger,
        **values,
        version=version,
        updated_at=int(written[0]),
        kinds={plural: min(touched, version) for plural, touched in ledger.kinds.items()},
    )


async def changes_after(
    snapshot: Snapshot, ledger_id: int, after: Position, limit: int, until: int | None = None
) -> list[Change]:
    """The ledger's changes in the order they were committed, from just after a position, up to a version."""
    where = [changes.c.ledger_id == ledger_id, _after(after)]
    if until is not None:
        where.append(changes.c.version <= until)
    statement = select(changes).where(*where).order_by(changes.c.version, changes.c.position).limit(limit)
    return [_change(row) for row in await snapshot.rows(ledger_id, statement)]


async def history(
    snapshot: Snapshot,
    ledger_id: int,
    kind: str,
    entity_id: int,
    *,
    before: Position | None = None,
    limit: int,
    until: int | None = None,
) -> list[Change]:
    """An entity's changes, the newest first."""
    where = [changes.c.ledger_id == ledger_id, changes.c.kind == kind, changes.c.entity_id == entity_id]
    if before is not None:
        version, position = before
        where.append(
            or_(changes.c.version < version, and_(changes.c.version == version, changes.c.position < position))
        )
    if until is not None:
        where.append(changes.c.version <= until)
    statement = select(changes).where(*where).order_by(changes.c.version.desc(), changes.c.position.desc()).limit(limit)
    return [_change(row) for row in await snapshot.rows(ledger_id, statement)]


async def count_changes(
    snapshot: Snapshot,
    ledger_id: int,
    *,
    kind: str | None = None,
    entity_id: int | None = None,
    since: int = 0,
    until: int | None = None,
) -> int:
    """How many changes there are after a version, of all or of one entity."""
    where = [changes.c.ledger_id == ledger_id, changes.c.version > since]
    if kind is not None:
        where += [changes.c.kind == kind, changes.c.entity_id == entity_id]
    if until is not None:
        where.append(changes.c.version <= until)
    (row,) = await snapshot.rows(ledger_id, select(func.count()).select_from(changes).where(*where))
    return int(row[0])


def undo(envelope: Envelope, version: int, kinds: Mapping[str, Kind[Any]]) -> Write:
    """A write that takes back all that a version did, if nothing of it was changed again since."""

    async def run(book: Book) -> Outcome:
        if not 1 <= version <= book.ledger.version:
            message = f"The ledger has the versions 1 to {book.ledger.version}."
            raise Refused.because(Code.NOT_FOUND, message, "version")
        statement = (
            select(changes)
            .where(changes.c.ledger_id == book.ledger.id, changes.c.version == version)
            .order_by(changes.c.position.desc())
        )
        steps = [_change(row) for row in (await book.connection.execute(statement)).all()]
        book.undoing(version)
        results = await _take_back(book, steps, kinds)
        return Outcome(book.ledger.version, book.changed, tuple(results))

    return Write(envelope, run, alone=True)


async def _take_back(book: Book, steps: Sequence[Change], kinds: Mapping[str, Kind[Any]]) -> list[Result]:
    """Stage the states before the steps, which come last first, and only then check them: together they are right."""
    taken: list[tuple[Kind[Any], Any]] = []
    for step in _first_of_each(steps):
        if step.kind not in kinds:
            _take_back_ledger(book, step)
            continue
        kind = kinds[step.kind]
        present = (await book.get(kind, [step.entity_id])).get(step.entity_id)
        if present is None or present.version != step.version:
            message = f"The {step.kind} number {step.entity_id} was changed again since version {step.version}."
            raise Refused.because(Code.UNDO_CONFLICT, message, "version")
        taken.append((kind, _put_back(book, kind, present, _before(kind, step, present))))
    for kind, state in taken:
        await kind.check(book, state)
    await book.flush()  # what follows reads the tables
    for kind, state in taken:
        if state.deleted and kind.check_unused is not None:
            await kind.check_unused(book, state)
    return [Result(state) for _, state in taken]


def _put_back(book: Book, kind: Kind[Any], present: Any, state: Any) -> Any:
    if present.deleted == state.deleted:
        return book.update(kind, present, state)
    return book.update(kind, present, state, Operation.DELETE if state.deleted else Operation.RESTORE)


def _first_of_each(steps: Sequence[Change]) -> list[Change]:
    """Of each entity its first step, in the order of their last ones."""
    found: dict[tuple[str, int], Change] = {}
    for step in steps:
        if step.operation is Operation.PURGE:
            raise Refused.because(Code.UNDO_CONFLICT, "A purge is for good.", "version")
        found[step.kind, step.entity_id] = step
    return list(found.values())


def _before(kind: Kind[Any], step: Change, present: Any) -> Any:
    if step.operation is Operation.CREATE:
        return replace(present, deleted=True)
    if step.before is None:
        raise Refused.because(Code.UNDO_CONFLICT, "What it was before is not kept any more.", "version")
    earlier = kind.from_state(present.ledger_id, present.id, present.version, step.before)
    return kind.with_content(present, earlier)


def _take_back_ledger(book: Book, step: Change) -> None:
    if step.before is None:
        raise Refused.because(Code.UNDO_CONFLICT, "The creation of a ledger cannot be undone.", "version")
    if step.after is None or step.after["name"] != book.ledger.name:
        raise Refused.because(Code.UNDO_CONFLICT, "The ledger was renamed again since.", "version")
    book.describe(name=str(step.before["name"]))


def _after(position: Position) -> ColumnElement[bool]:
    version, place = position
    return and_(changes.c.version >= version, or_(changes.c.version > version, changes.c.position > place))


def _change(row: Row[*tuple[Any, ...]]) -> Change:
    return Change(
        ledger_id=row.ledger_id,
        version=row.version,
        position=row.position,
        kind=row.kind,
        entity_id=row.entity_id,
        operation=Operation(row.operation),
        actor=row.actor,
        at=row.at,
        undoes=row.undoes,
        before=None if row.before is None else json.loads(row.before),
        after=None if row.after is None else json.loads(row.after),
        source=None if row.source is None else json.loads(row.source),
    )
