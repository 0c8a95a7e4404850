"""Entities that were read before, for the loaders: in the process's memory, then in Redis, then from the database.

An entity's key holds the version of its ledger that last touched its kind, as the request's own snapshot has it. So a
write to transactions leaves the categories where they are, and what is found is what the snapshot would have given.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from graphql_api.cache.lookups import Lookups
from graphql_api.cache.memory import Memory
from graphql_api.database.states import by_ids
from graphql_api.ledgers.errors import Unavailable
from graphql_api.ledgers.model import Entity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.cache.shared import Key, Shared
    from graphql_api.database.kinds import Kind
    from graphql_api.database.reader import Snapshot
    from graphql_api.ledgers.model import Ledger

E = TypeVar("E", bound=Entity)

_ENTRY_BYTES = 500  # Python's own for an entry, its key and the entity's numbers
_IN_MEMORY = Lookups("entities", "memory")
_IN_REDIS = Lookups("entities", "redis")


class Entities:
    """Of one process. `most` are the bytes of memory."""

    def __init__(self, most: int, shared: Shared | None) -> None:
        """Begin with an empty memory."""
        self._memory: Memory[Any] = Memory("entities", most)
        self._shared = shared

    @property
    def bytes(self) -> int:
        """Bytes of memory that are taken."""
        return self._memory.bytes

    async def get(self, snapshot: Snapshot, kind: Kind[E], ledger_id: int, ids: Sequence[int]) -> dict[int, E]:
        """Those of the entities that the snapshot has at present, deleted ones too, by id.

        Asks memory, then Redis once for all that are missing, then the database once for the rest.
        """
        ledger = (await snapshot.ledgers([ledger_id])).get(ledger_id)
        if ledger is None:
            return {}
        begun = snapshot.begun
        keys = {one: _key(ledger, kind, one) for one in ids}
        found: dict[int, E] = self._recall(keys)
        if missing := {one: key for one, key in keys.items() if one not in found}:
            found |= await self._fetch(kind, ledger_id, missing)
        if missing := {one: key for one, key in keys.items() if one not in found}:
            read = await by_ids(snapshot, kind, ledger_id, list(missing))
            if snapshot.begun == begun:  # or else it was closed meanwhile, and what was read is of another version
                self._keep(kind, missing, read)
            found |= read
        return found

    def _recall(self, keys: dict[int, Key]) -> dict[int, Any]:
        found = {one: entity for one, key in keys.items() if (entity := self._memory.get(key)) is not None}
        if found:
            _IN_MEMORY.hit(sum(map(_size, found.values())), len(found))
        if len(found) < len(keys):
            _IN_MEMORY.missed(len(keys) - len(found))
        return found

    async def _fetch(self, kind: Kind[E], ledger_id: int, keys: dict[int, Key]) -> dict[int, E]:
        if self._shared is None:
            return {}
        try:
            bodies = await self._shared.get(list(keys.values()))
        except Unavailable:
            _IN_REDIS.failed(len(keys))
            return {}
        found = {one: _unpack(kind, ledger_id, one, bodies[key]) for one, key in keys.items() if key in bodies}
        if found:
            _IN_REDIS.hit(sum(map(len, bodies.values())), len(found))
        if len(found) < len(keys):
            _IN_REDIS.missed(len(keys) - len(found))
        for one, entity in found.items():
            self._memory.put(keys[one], entity, _size(entity))
        return found

    def _keep(self, kind: Kind[E], keys: dict[int, Key], found: dict[int, E]) -> None:
        for one, entity in found.items():
            self._memory.put(keys[one], entity, _size(entity))
            if self._shared is not None:
                self._shared.put(keys[one], _pack(kind, entity))


def _key(ledger: Ledger, kind: Kind[Any], entity_id: int) -> Key:
    # databases that share a Redis have ledgers of the same number, but not made at the same microsecond
    return ("entity", ledger.id, ledger.created_at, kind.name, ledger.kinds[kind.plural], entity_id)


def _size(entity: Entity) -> int:
    values = (getattr(entity, name) for name in entity.__slots__)
    return _ENTRY_BYTES + sum(sys.getsizeof(value) for value in values if isinstance(value, (str, tuple)))


def _pack(kind: Kind[E], entity: E) -> bytes:
    return json.dumps([entity.version, kind.state(entity)], separators=(",", ":")).encode()


def _unpack(kind: Kind[E], ledger_id: int, entity_id: int, body: bytes) -> E:
    version, state = json.loads(body)
    return kind.from_state(ledger_id, entity_id, version, state)
