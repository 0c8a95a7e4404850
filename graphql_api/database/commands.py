"""Writes that are the same for every kind of entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql_api.database.outcome import Outcome, Result
from graphql_api.database.rules import deleted, purged, restored
from graphql_api.database.writer import Envelope, Lookup, Write

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from graphql_api.database.book import Book
    from graphql_api.database.kinds import Kind
    from graphql_api.ledgers.model import Entity


def one_row(
    envelope: Envelope, apply: Callable[[Book], Awaitable[Entity]], *lookups: Lookup, alone: bool = False
) -> Write:
    """A write whose outcome is the one entity that `apply` gives."""

    async def run(book: Book) -> Outcome:
        entity = await apply(book)
        return Outcome(book.ledger.version, book.changed, (Result(entity),))

    return Write(envelope, run, lookups, alone=alone)


def delete(envelope: Envelope, kind: Kind[Any], entity_id: int, if_version: int | None = None) -> Write:
    """A write that marks an entity as deleted."""
    lookup = Lookup(kind, "id", (entity_id,))
    alone = kind.check_unused is not None
    return one_row(envelope, lambda book: deleted(book, kind, entity_id, if_version), lookup, alone=alone)


def restore(envelope: Envelope, kind: Kind[Any], entity_id: int, if_version: int | None = None) -> Write:
    """A write that takes the deletion mark away."""
    lookup = Lookup(kind, "id", (entity_id,))
    return one_row(envelope, lambda book: restored(book, kind, entity_id, if_version), lookup)


def purge(envelope: Envelope, kind: Kind[Any], entity_id: int, if_version: int | None = None) -> Write:
    """A write that removes a deleted entity for good, from the history too."""
    lookup = Lookup(kind, "id", (entity_id,))
    alone = kind.check_unreferenced is not None
    return one_row(envelope, lambda book: purged(book, kind, entity_id, if_version), lookup, alone=alone)
