"""Writing categories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphql_api.categories.model import Category
from graphql_api.categories.store import CATEGORY
from graphql_api.database.commands import one_row
from graphql_api.database.rules import existing, updated
from graphql_api.database.writer import Envelope, Lookup, Write
from graphql_api.ledgers.model import UNSET, Unset
from graphql_api.tags.store import clean_name

if TYPE_CHECKING:
    from graphql_api.database.book import Book


def create_category(envelope: Envelope, name: object, parent_id: int | None = None) -> Write:
    """A write that makes a category, at the top of the tree or below another."""
    made = Category(ledger_id=0, id=0, name=clean_name(name, "name"), parent_id=parent_id)

    async def apply(book: Book) -> Category:
        await CATEGORY.check(book, made)
        return book.create(CATEGORY, made)

    return one_row(envelope, apply)


def update_category(
    envelope: Envelope,
    category_id: int,
    *,
    name: object | Unset = UNSET,
    parent_id: int | Unset | None = UNSET,
    if_version: int | None = None,
) -> Write:
    """A write that renames a category or moves it, with all below it, to another parent (None: to the top)."""
    values: dict[str, Any] = {}
    if name is not UNSET:
        values["name"] = clean_name(name, "name")
    if parent_id is not UNSET:
        values["parent_id"] = parent_id

    async def apply(book: Book) -> Category:
        before = await existing(book, CATEGORY, category_id, if_version)
        return await updated(book, CATEGORY, before, replace(before, **values))

    return one_row(envelope, apply, Lookup(CATEGORY, "id", (category_id,)))
