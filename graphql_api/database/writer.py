"""The writer: concurrent writes to one ledger are checked one by one and share one database transaction.

Each is acknowledged only after the commit. A write that is refused leaves nothing in the group; when the database
itself fails a group, its writes are tried again one at a time, so that one that fails fails alone.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import DBAPIError

from graphql_api.database.book import Book
from graphql_api.database.engine import BUSY_SECONDS, is_outage, is_retryable, is_stale, unavailable, violation
from graphql_api.database.idempotency import IdempotencyKey, check_fingerprint, remember, stored_outcomes
from graphql_api.database.outcome import Outcome, decode, encode
from graphql_api.database.seats import no_such_ledger, roles_of
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, OutcomeUnknown, Refused, Unavailable
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from graphql_api.database.kinds import Kind
    from graphql_api.database.steps import Step
    from graphql_api.ledgers.model import Ledger
    from graphql_api.ledgers.principal import Principal

GROUP_ROWS = 1000
"""A group stops growing at this many rows, to bound its transaction."""

QUEUE_LENGTH = 10_000
"""Writes to one ledger that may wait in one process; more are told that the service is busy."""

_ATTEMPTS = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Entities that a write will read: those whose `column` has one of `values`."""

    kind: Kind[Any]
    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes (`subject`), under which idempotency key, and whether only to see what would come of it.

    `member` is the principal whose role in the ledger decides; None for who administers the whole database. `source`
    is kept with the changes, as JSON.
    """

    subject: str
    key: IdempotencyKey | None = None
    dry_run: bool = False
    member: Principal | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a ledger.

    `run` reads and writes the book. `lookups` names what it will read, so that a group reads it in one statement a
    kind. `rows` is about how many entities it changes. A write that is `alone` shares no transaction; a dry run is
    rolled back after its outcome is known. One that is `personal` changes what is the actor's own, and judges itself
    what it may: coming and going as a member.
    """

    envelope: Envelope
    run: Callable[[Book], Awaitable[Outcome]]
    lookups: tuple[Lookup, ...] = ()
    rows: int = 1
    alone: bool = False
    personal: bool = False


class Observer(Protocol):
    """Told of each commit and retry, for metrics and for whoever waits for changes."""

    def committed(self, ledger_id: int, version: int, writes: int, steps: int) -> None:
        """A group of writes stands."""

    def retried(self) -> None:
        """A group is tried again."""


class Tally(Protocol):
    """Made for each database transaction: takes its steps as they are sent, and is told if they stand."""

    def add(self, steps: Sequence[Step]) -> None:
        """Take steps that are about to be committed."""

    def committed(self) -> None:
        """They stand."""


@dataclass(slots=True)
class _Waiting:
    write: Write
    done: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    context: Context = field(default_factory=copy_context)

    def settle(self, outcome: Outcome | Exception) -> None:
        """Tell the caller, unless it has gone."""
        if self.done.done():
            return
        if isinstance(outcome, Exception):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


class Writer:
    """All writes of a process. One task a busy ledger takes what has gathered while the group before committed."""

    def __init__(
        self,
        engine: AsyncEngine,
        kinds: Sequence[Kind[Any]],
        observer: Observer,
        now: Callable[[], int] = calendar.now,
        tally: Callable[[], Tally] | None = None,
    ) -> None:
        """Take the engine for writes and the kinds that outcomes may hold."""
        self._engine = engine
        self._by_type = {kind.entity: kind for kind in kinds}
        self._by_name = {kind.name: kind for kind in kinds}
        self._observer = observer
        self._now = now
        self._tally = tally
        self._queues: dict[int, deque[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def write(self, ledger_id: int, write: Write) -> Outcome:
        """Do a write; returns after it is committed. Raises `Refused`, `Unavailable` or `OutcomeUnknown`."""
        if self._closing:
            raise Unavailable("The service is shutting down; nothing was changed. Try again.")
        waiting = _Waiting(write)
        queue = self._queues.get(ledger_id)
        if queue is None:
            self._queues[ledger_id] = deque([waiting])
            task = asyncio.create_task(self._drain(ledger_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif len(queue) >= QUEUE_LENGTH:
            raise Unavailable("Too many writes to this ledger are waiting; nothing was changed. Try again.")
        else:
            queue.append(waiting)
        return await waiting.done

    async def close(self) -> None:
        """Refuse new writes, and finish those that wait."""
        self._closing = True
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _drain(self, ledger_id: int) -> None:
        queue = self._queues[ledger_id]
        try:
            while queue:
                group = _take_group(queue)
                if group:
                    # log lines and spans of what is done for several requests belong to the first one
                    await asyncio.create_task(self._commit_group(ledger_id, group), context=group[0].context)
        finally:
            del self._queues[ledger_id]
            for waiting in queue:  # only when the task itself was cancelled
                waiting.settle(Unavailable("The service is shutting down; nothing was changed. Try again."))

    async def _commit_group(self, ledger_id: int, group: list[_Waiting]) -> None:
        clock = asyncio.get_running_loop().time
        give_up = clock() + BUSY_SECONDS
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await self._transact(ledger_id, group)
            except asyncio.CancelledError:
                _settle_all(group, OutcomeUnknown(_UNKNOWN))
                raise
            except Exception as error:  # noqa: BLE001  each waiting caller gets it, wrapped or as it is
                # those that were committed before the error, and those whose callers went away, are done
                group = [waiting for waiting in group if not waiting.done.done()]
                last = attempt == _ATTEMPTS or clock() > give_up
                if group and not last and (is_retryable(error) or (is_stale(error) and attempt == 1)):
                    self._observer.retried()
                    await asyncio.sleep(random.uniform(0.2, 1.0) * 0.01 * 2**attempt)  # noqa: S311  no secret
                    continue
                if len(group) > 1 and not isinstance(error, Unavailable) and not is_outage(error):
                    self._observer.retried()
                    for waiting in group:
                        await self._commit_group(ledger_id, [waiting])
                    return
                _settle_all(group, _told(error))
            return

    async def _transact(self, ledger_id: int, group: Sequence[_Waiting]) -> None:
        """Run the writes in one transaction, commit it, and give each its outcome or its refusal."""
        writes = [waiting.write for waiting in group]
        async with self._engine.connect() as connection:
            try:
                book = await Book.open(connection, ledger_id, self._now())
            except Refused as refusal:
                _settle_all(group, refusal)
                return
            before = book.ledger.version
            tally = book.tally = self._tally() if self._tally is not None else None
            outcomes, keys = await self._run(book, writes)
            await book.flush()
            await remember(connection, keys)
            if any(write.envelope.dry_run for write in writes):
                await connection.rollback()
            elif keys or book.ledger.version != before:
                await _commit(connection)
            # before anything else can go wrong: the writes stand, and must not be tried again
            for waiting, outcome in zip(group, outcomes, strict=True):
                waiting.settle(outcome)
            if book.ledger.version != before and not writes[0].envelope.dry_run:
                self._observe(book.ledger, outcomes, tally)

    def _observe(self, ledger: Ledger, outcomes: Sequence[Outcome | Exception], tally: Tally | None) -> None:
        done = [outcome for outcome in outcomes if isinstance(outcome, Outcome) and not outcome.replayed]
        try:
            self._observer.committed(ledger.id, ledger.version, len(done), sum(outcome.count for outcome in done))
            if tally is not None:
                tally.committed()
        except Exception:  # noqa: BLE001  logged, and no reason to tell the callers of a failure
            _log.exception("The observer of commits failed; the writes stand.")

    async def _run(self, book: Book, writes: Sequence[Write]) -> tuple[list[Outcome | Exception], list[dict[str, Any]]]:
        """The writes one after another in the book: their outcomes, and the rows of the idempotency keys."""
        sent = [write.envelope.key for write in writes if write.envelope.key is not None]
        stored = await stored_outcomes(book.connection, book.ledger.id, sent)
        used = {name: (row.fingerprint, row.outcome) for name, row in stored.items()}
        await _look_up(book, writes)
        roles = await roles_of(book.connection, book.ledger.id, _members(writes))
        outcomes: list[Outcome | Exception] = []
        rows: list[dict[str, Any]] = []
        for write in writes:
            key = write.envelope.key
            try:
                role = _role(write, roles)
            except Refused as refusal:
                outcomes.append(refusal)
                continue
            book.begin(write.envelope.subject, role, write.envelope.source)
            try:
                if key is not None and (key.subject, key.key) in used:
                    fingerprint, text = used[key.subject, key.key]
                    check_fingerprint(key, fingerprint)
                    outcome = decode(text, book.ledger.id, self._by_name)
                else:
                    outcome = await write.run(book)
            except Refused as refusal:
                book.abandon()
                outcomes.append(refusal)
                continue
            outcomes.append(outcome)
            if key is not None and not outcome.replayed and not write.envelope.dry_run:
                text = encode(outcome, self._by_type)
                used[key.subject, key.key] = (key.fingerprint, text)
                rows.append(_key_row(book, key, text))
        return outcomes, rows


_UNKNOWN = (
    "The database went away while it committed: the write may stand or not. "
    "Repeat it with the same idempotency key, or look before you repeat it."
)


def _settle_all(group: Iterable[_Waiting], error: Exception) -> None:
    for waiting in group:
        waiting.settle(error)


def _take_group(queue: deque[_Waiting]) -> list[_Waiting]:
    group: list[_Waiting] = []
    rows = 0
    while queue:
        write = queue[0].write
        if queue[0].done.done():  # its caller went away before it was begun
            queue.popleft()
            continue
        single = write.alone or write.envelope.dry_run
        if group and (single or rows + write.rows > GROUP_ROWS):
            break
        group.append(queue.popleft())
        rows += write.rows
        if single:
            break
    return group


async def _look_up(book: Book, writes: Iterable[Write]) -> None:
    wanted: dict[tuple[str, str], tuple[Kind[Any], dict[Any, None]]] = {}
    for write in writes:
        for lookup in write.lookups:
            _, values = wanted.setdefault((lookup.kind.name, lookup.column), (lookup.kind, {}))
            values.update(dict.fromkeys(lookup.values))
    for (_, column), (kind, values) in wanted.items():
        await book.find(kind, column, values)


def _members(writes: Iterable[Write]) -> set[str]:
    return {write.envelope.member.subject for write in writes if write.envelope.member is not None}


def _role(write: Write, roles: Mapping[str, Role]) -> Role:
    """What the writer of a write may do, as it is under the ledger's lock."""
    member = write.envelope.member
    if member is None or write.personal:
        return Role.OWNER
    role = roles.get(member.subject)
    if role is None:
        raise no_such_ledger()
    return role.at_most(member.cap)


def _key_row(book: Book, key: IdempotencyKey, outcome: str) -> dict[str, Any]:
    return {
        "ledger_id": book.ledger.id,
        "subject": key.subject,
        "key": key.key,
        "fingerprint": key.fingerprint,
        "version": book.ledger.version,
        "outcome": outcome,
        "created_at": book.at,
    }


async def _commit(connection: AsyncConnection) -> None:
    try:
        await connection.commit()
    except (DBAPIError, OSError) as error:
        if is_retryable(error):
            raise
        raise OutcomeUnknown(_UNKNOWN) from error


def _told(error: Exception) -> Exception:
    if isinstance(error, Unavailable):
        return error
    match violation(error):
        case Code.AMOUNT_OUT_OF_RANGE as code:
            message = "The sum of all transactions of the month and category would be too large to be kept exactly."
            return Refused.because(code, message, "amount", "value")
        case Code() as code:
            return Refused.because(code, "The ledger has one like it already.")
    return unavailable(error) or error
