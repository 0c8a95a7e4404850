"""What every change of an existing entity asks first: that it is there, at the version named, deleted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import Entity

if TYPE_CHECKING:
    from graphql_api.database.book import Book
    from graphql_api.database.kinds import Kind

E = TypeVar("E", bound=Entity)


async def existing(book: Book, kind: Kind[E], entity_id: int, if_version: int | None, *, deleted: bool = False) -> E:
    """The present state of an entity that is to be changed, `deleted` as it must be."""
    entity = (await book.get(kind, [entity_id])).get(entity_id)
    if entity is None:
        raise Refused.because(Code.NOT_FOUND, f"There is no {kind.name} with this id in the ledger.", "id")
    if if_version is not None and entity.version != if_version:
        message = f"The {kind.name} was changed since: it is at version {entity.version}, not {if_version}."
        raise Refused.because(Code.VERSION_CONFLICT, message, "ifVersion")
    if entity.deleted and not deleted:
        raise Refused.because(Code.DELETED, f"The {kind.name} is deleted: restore it first.", "id")
    if deleted and not entity.deleted:
        raise Refused.because(Code.NOT_DELETED, f"The {kind.name} is not deleted.", "id")
    return entity


async def updated(book: Book, kind: Kind[E], before: E, after: E) -> E:
    """Check and stage a changed content."""
    if kind.same(before, after):
        return before
    await kind.check(book, after, before)
    return book.update(kind, before, after)


async def deleted(book: Book, kind: Kind[E], entity_id: int, if_version: int | None) -> E:
    """Check and stage a deletion."""
    before = await existing(book, kind, entity_id, if_version)
    if kind.check_unused is not None:
        await kind.check_unused(book, before)
    return book.delete(kind, before)


async def restored(book: Book, kind: Kind[E], entity_id: int, if_version: int | None) -> E:
    """Check and stage the return of a deleted entity."""
    before = await existing(book, kind, entity_id, if_version, deleted=True)
    await kind.check(book, kind.undeleted(before), before)
    return book.restore(kind, before)


async def purged(book: Book, kind: Kind[E], entity_id: int, if_version: int | None) -> E:
    """Stage the end of a deleted entity; gives its last state."""
    before = await existing(book, kind, entity_id, if_version, deleted=True)
    if kind.check_unreferenced is not None:
        await kind.check_unreferenced(book, before)
    book.purge(kind, before)
    return before
