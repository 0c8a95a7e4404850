"""Where tags are kept, and the rules between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from graphql_api.database import tables
from graphql_api.database.kinds import Kind
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.model import NAME_LENGTH
from graphql_api.ledgers.text import clean, name_key
from graphql_api.tags.model import Tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.database.book import Book


def _keys(tag: Tag) -> dict[str, Any]:
    return {"name_key": name_key(tag.name)}


async def _check(book: Book, tag: Tag, _: Tag | None = None) -> None:
    key = name_key(tag.name)
    found = await book.find(TAG, "name_key", [key])
    if not tag.deleted and any(other.id != tag.id and not other.deleted for other in found[key]):
        raise Refused.because(Code.ALREADY_EXISTS, f"There is a tag {tag.name!r} already.", "name")


async def _check_unreferenced(book: Book, tag: Tag) -> None:
    index = tables.transaction_tags.c
    statement = select(index.tag_id).where(index.ledger_id == book.ledger.id, index.tag_id == tag.id).limit(1)
    if (await book.connection.execute(statement)).first() is not None:
        message = f"The tag {tag.name!r} is in use: a transaction carries it, deleted or not."
        raise Refused.because(Code.IN_USE, message, "id")


TAG = Kind(
    name="tag",
    entity=Tag,
    table=tables.tags,
    archive=tables.tags_archive,
    derive=_keys,
    check=_check,
    check_unreferenced=_check_unreferenced,
)


async def tags_named(book: Book, names: Sequence[str]) -> tuple[int, ...]:
    """The ids of the tags of these names, in their order and each once; those that are new are created."""
    keys = [name_key(name) for name in names]
    found = await book.find(TAG, "name_key", keys)
    ids: dict[int, None] = {}
    for name, key in zip(names, keys, strict=True):
        present = next((tag for tag in found[key] if not tag.deleted), None)
        if present is None:
            present = book.create(TAG, Tag(ledger_id=0, id=0, name=name))
            found[key] = [*found[key], present]
        ids[present.id] = None
    return tuple(ids)


def clean_name(value: object, *path: str | int) -> str:
    """A tag's or category's name as it is kept."""
    return clean(value, *path, longest=NAME_LENGTH, required=True)
