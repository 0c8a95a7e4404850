"""Answers that are never stale: judged by the ledgers' versions of now, kept, shared while they are made.

Every request learns the versions by a read that is sent after it came. An answer that was made from the same versions
of all that it is read from is the answer of now, whoever made it and whenever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prometheus_client import Counter

from graphql_api.cache.flights import Flights
from graphql_api.cache.results import Result
from graphql_api.ledgers.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from graphql_api.cache.results import Results
    from graphql_api.cache.shared import Key
    from graphql_api.cache.versions import Versions
    from graphql_api.ledgers.model import Ledger

_MADE = Counter("expense_answers_made", "Answers to cacheable queries that had to be made.")
_SHARED = Counter("expense_answers_shared", "Requests that shared the making of an answer with an earlier one.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for, told from all else by `key`, and the `ledgers` that its answer is read from.

    `subject` is whose membership opens these, None where nobody has to be a member.

    `versions` picks out of these what decides whether an answer is still right; None if none could be kept.
    """

    key: Key
    subject: str | None
    ledgers: tuple[int, ...]
    versions: Callable[[Mapping[int, Ledger]], Key | None]


@dataclass(frozen=True, slots=True)
class Made:
    """An answer: the JSON text of its data, what it cost, and the version of each ledger that it tells.

    `seen` are the ledgers as the snapshot had them that it was read from. `trouble` is whatever went wrong; with any,
    it is not kept.
    """

    data: bytes | None
    cost: int
    versions: Mapping[int, int]
    seen: Mapping[int, Ledger] = field(default_factory=dict)
    trouble: Any = None


class Answers:
    """Of one process."""

    def __init__(self, results: Results, versions: Versions) -> None:
        """Take where answers are kept, and how the versions of now are read."""
        self._results = results
        self._versions = versions
        self._flights: Flights[tuple[Key, Made]] = Flights()

    async def get(self, wanted: Wanted, make: Callable[[], Coroutine[Any, Any, Made]]) -> Made:
        """The answer as of now: one that is kept, one that is just being made, or the one that `make` makes."""
        try:
            now = await self._now(wanted)
        except Unavailable:
            return await make()  # which tells it in the form of an answer, or has more luck
        versions = wanted.versions(now)
        if versions is None:
            return await make()
        key = (*wanted.key, versions)
        kept = self._results.recall(key)
        if kept is not None:
            return _as_of(kept, now)
        led = False

        async def lead() -> tuple[Key, Made]:
            nonlocal led
            led = True
            return await self._find_or_make(key, wanted, now, make)

        of, made = await self._flights.join(key, lead)
        if led or of != key:
            return made
        _SHARED.inc()
        # it was made from the versions that this request found, so it is right for the later of both
        told = {number: max(version, now[number].version) for number, version in made.versions.items() if number in now}
        return Made(made.data, made.cost, {**made.versions, **told}, trouble=made.trouble)

    async def _now(self, wanted: Wanted) -> dict[int, Ledger]:
        seen = [(wanted.subject, number) for number in wanted.ledgers]
        found = await self._versions.get(seen)
        return {number: found[subject, number] for subject, number in seen if (subject, number) in found}

    async def _find_or_make(
        self,
        key: Key,
        wanted: Wanted,
        now: Mapping[int, Ledger],
        make: Callable[[], Coroutine[Any, Any, Made]],
    ) -> tuple[Key, Made]:
        """The answer, with the key that it has by the versions that it was really made from."""
        kept = await self._results.fetch(key)
        if kept is not None:
            return key, _as_of(kept, now)
        _MADE.inc()
        made = await make()
        versions = wanted.versions({**now, **made.seen})
        of: Key = (*wanted.key, versions)
        looked_at = made.seen.keys() | made.versions.keys()
        if made.trouble is None and made.data is not None and looked_at <= set(wanted.ledgers) and versions is not None:
            self._results.keep(of, Result(made.data, made.cost, tuple(made.versions)))
        return of, made

    async def close(self) -> None:
        """End what is under way."""
        await self._versions.close()


def _as_of(kept: Result, now: Mapping[int, Ledger]) -> Made:
    return Made(kept.data, kept.cost, {number: now[number].version for number in kept.ledgers})
