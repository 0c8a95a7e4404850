"""Writing tags."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphql_api.database.commands import one_row
from graphql_api.database.rules import existing, updated
from graphql_api.database.writer import Envelope, Lookup, Write
from graphql_api.tags.model import Tag
from graphql_api.tags.store import TAG, clean_name

if TYPE_CHECKING:
    from graphql_api.database.book import Book


def create_tag(envelope: Envelope, name: object) -> Write:
    """A write that makes a tag."""
    made = Tag(ledger_id=0, id=0, name=clean_name(name, "name"))

    async def apply(book: Book) -> Tag:
        await TAG.check(book, made)
        return book.create(TAG, made)

    return one_row(envelope, apply)


def rename_tag(envelope: Envelope, tag_id: int, name: object, if_version: int | None = None) -> Write:
    """A write that renames a tag on all its transactions at once."""
    cleaned = clean_name(name, "name")

    async def apply(book: Book) -> Tag:
        before = await existing(book, TAG, tag_id, if_version)
        return await updated(book, TAG, before, replace(before, name=cleaned))

    return one_row(envelope, apply, Lookup(TAG, "id", (tag_id,)))
