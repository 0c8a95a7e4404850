"""Categories by their paths of names, made where they are missing."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from graphql_api.categories.service import create_category
from graphql_api.categories.store import CATEGORY
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.text import name_key
from graphql_api.tags.store import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql_api.database.book import Book
    from graphql_api.database.writer import Envelope

Keys = tuple[str, ...]


class Places:
    """The categories of one import. What a refused row made is forgotten with it: `forget` after `Book.back_to`."""

    def __init__(self, envelope: Envelope) -> None:
        """Start with none known."""
        self._envelope = envelope
        self._ids: dict[Keys, int] = {}
        self._made: list[Keys] = []

    async def prepare(self, book: Book, paths: Iterable[tuple[str, ...]]) -> None:
        """Read in a few statements what the paths will need."""
        keys: list[Keys] = []
        for path in dict.fromkeys(paths):
            with suppress(Refused):  # it is refused with its row
                keys.append(tuple(map(_key, path)))
        known = [self._ids[path] for path in keys if path in self._ids]
        await book.get(CATEGORY, known)
        await book.find(CATEGORY, "name_key", [key for path in keys if path not in self._ids for key in path])

    async def find(self, book: Book, path: tuple[str, ...]) -> int | None:
        """The id of the category at a path, None for the empty path. Refused when a name cannot be one."""
        parent: int | None = None
        for depth in range(1, len(path) + 1):
            keys = tuple(map(_key, path[:depth]))
            known = self._ids.get(keys)
            if known is None:
                known = await self._child(book, path[depth - 1], parent)
                if known is None:
                    known = (await create_category(self._envelope, path[depth - 1], parent).run(book)).entity.id
                    self._made.append(keys)
                self._ids[keys] = known
            parent = known
        return parent

    def keep(self) -> None:
        """What was made since the last row stays."""
        self._made.clear()

    def forget(self) -> None:
        """What was made since the last row was taken back."""
        for keys in self._made:
            del self._ids[keys]
        self._made.clear()

    async def _child(self, book: Book, name: str, parent: int | None) -> int | None:
        key = _key(name)
        found = await book.find(CATEGORY, "name_key", [key])
        here = [category for category in found[key] if category.parent_id == parent and not category.deleted]
        return here[0].id if here else None


def _key(name: str) -> str:
    return name_key(clean_name(name, "category"))
