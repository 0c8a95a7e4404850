"""Categories in GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import strawberry

from graphql_api.categories.service import create_category, update_category
from graphql_api.categories.store import CATEGORY
from graphql_api.database.states import SortKey, count, live
from graphql_api.graph.changes import Entity
from graphql_api.graph.connection import Connection, Listing, PageArguments, connect
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.graph.mutation import (
    DRY_RUN,
    IF_VERSION,
    KEY,
    OWN_LEDGER,
    Done,
    EntityInput,
    Payload,
    delete_one,
    perform,
    perform_on,
    purge_one,
    restore_one,
    sealed,
)
from graphql_api.graph.node import NodeType
from graphql_api.ledgers.ids import parse_entity_id
from graphql_api.ledgers.model import UNSET

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from graphql_api.database.states import Where
    from graphql_api.database.writer import Envelope, Write
    from graphql_api.graph.context import Context


@strawberry.type(description="A node of the tree that transactions are sorted into.")
class Category(Entity):
    """A category at a version."""

    shown: ClassVar[str] = "Category"

    @strawberry.field(description="The name, unique below its parent without regard to case and accents.")
    def name(self) -> str:
        """The name."""
        return str(self.entity.name)

    @strawberry.field(description="The category above it, null at the top.")
    async def parent(self, info: GraphInfo) -> Category | None:
        """The parent."""
        if self.entity.parent_id is None:
            return None
        return await category(info.context, self.entity.ledger_id, self.entity.parent_id, self.as_of)

    @strawberry.field(description="The categories right below it, by name.")
    async def children(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Category]:
        """A page of children."""
        below = _below(self.entity.id)
        listing = _listing(info.context, self.entity.ledger_id, self.as_of, below, str(self.entity.id))
        return await connect(info.context, listing, PageArguments(first, after, last, before))

    @strawberry.field(description="The names from the top of the tree down to this one.")
    async def path(self, info: GraphInfo) -> list[str]:
        """The names."""
        names = [self.entity.name]
        parent_id = self.entity.parent_id
        while parent_id is not None:
            above = await info.context.entity(CATEGORY, self.entity.ledger_id, parent_id, self.as_of)
            if above is None:
                break
            names.append(above.name)
            parent_id = above.parent_id
        return names[::-1]


CATEGORY_NODE = NodeType("Category", CATEGORY, lambda entity, as_of: Category(entity=entity, as_of=as_of))


async def category(context: Context, ledger_id: int, category_id: int, as_of: int | None) -> Category | None:
    """A category as it was."""
    entity = await context.entity(CATEGORY, ledger_id, category_id, as_of)
    return None if entity is None else Category(entity=entity, as_of=as_of)


@strawberry.type
class CategoryFields:
    """A ledger's fields of categories."""

    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="The categories that are not deleted, by name; with `roots`, only those at the top.")
    async def categories(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        *,
        roots: bool = False,
    ) -> Connection[Category]:
        """A page of categories."""
        where = _below(None) if roots else live
        listing = _listing(info.context, self.viewed.ledger.id, self.viewed.as_of, where, f"roots {roots}")
        return await connect(info.context, listing, PageArguments(first, after, last, before))


@strawberry.input(description="A new category.")
class CreateCategoryInput:
    """What a category is made of."""

    name: str
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="The category above; null: the top.")
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="What is to change of a category; what is left out stays.")
class UpdateCategoryInput:
    """A category and its new name or parent."""

    id: strawberry.ID
    name: str | None = strawberry.UNSET
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The category above; null moves it to the top."
    )
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The category as it was left.")
class CategoryPayload(Payload):
    """A category's payload."""

    category: Category | None


@strawberry.type
class CategoryMutations:
    """The mutations of categories."""

    @strawberry.mutation(description="Make a category.")
    async def create_category(self, info: GraphInfo, input: CreateCategoryInput) -> CategoryPayload:
        """Create."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            parent_id = category_number(input.parent_id, ledger_id, "parentId")
            return ledger_id, create_category(sealed(context, "createCategory", input), input.name, parent_id)

        return _payload(await perform(context, build))

    @strawberry.mutation(description="Rename a category, or move it with all below it.")
    async def update_category(self, info: GraphInfo, input: UpdateCategoryInput) -> CategoryPayload:
        """Update."""

        def command(envelope: Envelope, category_id: int) -> Write:
            ledger_id, _ = parse_entity_id(input.id, "Category", "id")
            moved = input.parent_id is not strawberry.UNSET
            return update_category(
                envelope,
                category_id,
                name=UNSET if input.name is strawberry.UNSET else input.name,
                parent_id=category_number(input.parent_id, ledger_id, "parentId") if moved else UNSET,
                if_version=input.if_version,
            )

        return _payload(await perform_on(info.context, CATEGORY_NODE, "updateCategory", input, command))

    @strawberry.mutation(description="Delete a category that nothing refers to.")
    async def delete_category(self, info: GraphInfo, input: EntityInput) -> CategoryPayload:
        """Delete."""
        return _payload(await delete_one(info.context, CATEGORY_NODE, "deleteCategory", input))

    @strawberry.mutation(description="Restore a deleted category.")
    async def restore_category(self, info: GraphInfo, input: EntityInput) -> CategoryPayload:
        """Restore."""
        return _payload(await restore_one(info.context, CATEGORY_NODE, "restoreCategory", input))

    @strawberry.mutation(description="Remove a deleted category for good, from the history too.")
    async def purge_category(self, info: GraphInfo, input: EntityInput) -> CategoryPayload:
        """Purge."""
        return _payload(await purge_one(info.context, CATEGORY_NODE, "purgeCategory", input))


def category_number(text: str | None, ledger_id: int, *path: str | int) -> int | None:
    """The number of a category of the ledger, None for none."""
    return None if text is None else parse_entity_id(text, "Category", *path, ledger_id=ledger_id)[1]


def _below(parent_id: int | None) -> Where:
    def where(table: Table) -> list[ColumnElement[bool]]:
        return [*live(table), table.c.parent_id == parent_id]

    return where


def _listing(context: Context, ledger_id: int, as_of: int | None, where: Where, name: str) -> Listing[Category]:
    return Listing(
        kind=CATEGORY,
        ledger_id=ledger_id,
        as_of=as_of,
        where=where,
        keys=(SortKey("name_key"), SortKey("id")),
        name=name,
        node=lambda entity: Category(entity=entity, as_of=as_of),
        count=lambda: count(context.snapshot, CATEGORY, ledger_id, as_of, where),
    )


def _payload(done: Done) -> CategoryPayload:
    category = None if done.entity is None else Category(entity=done.entity, as_of=None)
    return CategoryPayload(**done.common, category=category)
