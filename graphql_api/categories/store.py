"""Where categories are kept, and the rules between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false, select, true

from graphql_api.categories.model import DEEPEST, Category
from graphql_api.database import tables
from graphql_api.database.kinds import Kind
from graphql_api.database.states import sources
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.text import name_key

if TYPE_CHECKING:
    from graphql_api.database.book import Book
    from graphql_api.database.reader import Snapshot


def _keys(category: Category) -> dict[str, Any]:
    return {"name_key": name_key(category.name)}


async def _check(book: Book, category: Category, _: Category | None = None) -> None:
    if category.deleted:
        return
    await _check_parents(book, category)
    key = name_key(category.name)
    found = await book.find(CATEGORY, "name_key", [key])
    if any(
        other.id != category.id and other.parent_id == category.parent_id and not other.deleted for other in found[key]
    ):
        raise Refused.because(Code.ALREADY_EXISTS, f"There is a category {category.name!r} here already.", "name")


async def _check_parents(book: Book, category: Category) -> None:
    level = 1
    parent_id = category.parent_id
    while parent_id is not None:
        level += 1
        if category.id and parent_id == category.id:
            raise Refused.because(Code.INVALID, "A category cannot stand below itself.", "parentId")
        _check_level(level)
        parent_id = (await live_category(book, parent_id, "parentId")).parent_id
    below = [category.id] if category.id else []
    while level > 1 and below:  # a category that moves takes all below it along
        found = await book.find(CATEGORY, "parent_id", below)
        below = [child.id for children in found.values() for child in children if not child.deleted]
        if below:
            level += 1
            _check_level(level)


def _check_level(level: int) -> None:
    if level > DEEPEST:
        raise Refused.because(Code.INVALID, f"The tree has at most {DEEPEST} levels.", "parentId")


async def _check_unused(book: Book, category: Category) -> None:
    await _refuse_if_used(book, category, deleted_too=False)


async def _check_unreferenced(book: Book, category: Category) -> None:
    await _refuse_if_used(book, category, deleted_too=True)


async def _refuse_if_used(book: Book, category: Category, *, deleted_too: bool) -> None:
    users = (
        (tables.categories, tables.categories.c.parent_id, "another category stands below it"),
        (tables.transactions, tables.transactions.c.category_id, "a transaction is filed under it"),
        (tables.budgets, tables.budgets.c.category_id, "a budget is set for it"),
    )
    for table, column, reason in users:
        live = (table.c.deleted == false(),)
        used = select(table.c.id).where(table.c.ledger_id == book.ledger.id, column == category.id).limit(1)
        for condition in (*live, table.c.deleted == true()) if deleted_too else live:  # each is a seek into an index
            if (await book.connection.execute(used.where(condition))).first() is not None:
                raise Refused.because(Code.IN_USE, f"The category {category.name!r} is in use: {reason}.", "id")


CATEGORY = Kind(
    name="category",
    entity=Category,
    table=tables.categories,
    archive=tables.categories_archive,
    derive=_keys,
    check=_check,
    check_unused=_check_unused,
    check_unreferenced=_check_unreferenced,
)


async def live_category(book: Book, category_id: int, *path: str | int) -> Category:
    """The category that something is to refer to. Refused when it is not there or deleted."""
    category = (await book.get(CATEGORY, [category_id])).get(category_id)
    if category is None:
        raise Refused.because(Code.NOT_FOUND, "There is no such category in this ledger.", *path)
    if category.deleted:
        raise Refused.because(Code.DELETED, f"The category {category.name!r} is deleted: restore it first.", *path)
    return category


async def with_descendants(snapshot: Snapshot, ledger_id: int, ids: set[int], as_of: int | None) -> dict[int, set[int]]:
    """Each of the categories with all that stand below it, itself included."""
    if not ids:
        return {}
    children: dict[int, list[int]] = {}
    for table, condition in sources(CATEGORY, ledger_id, as_of):
        parents = select(table.c.id, table.c.parent_id).where(condition, table.c.parent_id.is_not(None))
        rows = await snapshot.rows(ledger_id, parents)
        for row in rows:
            children.setdefault(row.parent_id, []).append(row.id)
    return {category_id: _below(children, category_id) for category_id in ids}


def _below(children: dict[int, list[int]], top: int) -> set[int]:
    found: set[int] = set()
    pending = [top]
    while pending:
        category_id = pending.pop()
        if category_id not in found:
            found.add(category_id)
            pending.extend(children.get(category_id, ()))
    return found
