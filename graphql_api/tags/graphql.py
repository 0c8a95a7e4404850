"""Tags in GraphQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import strawberry

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
from graphql_api.tags.service import create_tag, rename_tag
from graphql_api.tags.store import TAG

if TYPE_CHECKING:
    from graphql_api.database.writer import Envelope, Write


@strawberry.type(description="A free label of transactions, renamed in one place.")
class Tag(Entity):
    """A tag at a version."""

    shown: ClassVar[str] = "Tag"

    @strawberry.field(description="The name, unique in its ledger without regard to case and accents.")
    def name(self) -> str:
        """The name."""
        return str(self.entity.name)


TAG_NODE = NodeType("Tag", TAG, lambda entity, as_of: Tag(entity=entity, as_of=as_of))


@strawberry.type
class TagFields:
    """A ledger's fields of tags."""

    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="The tags that are not deleted, by name.")
    async def tags(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Tag]:
        """A page of tags."""
        context, ledger_id, as_of = info.context, self.viewed.ledger.id, self.viewed.as_of
        listing = Listing(
            kind=TAG,
            ledger_id=ledger_id,
            as_of=as_of,
            where=live,
            keys=(SortKey("name_key"), SortKey("id")),
            name="",
            node=lambda entity: Tag(entity=entity, as_of=as_of),
            count=lambda: count(context.snapshot, TAG, ledger_id, as_of, live),
        )
        return await connect(context, listing, PageArguments(first, after, last, before))


@strawberry.input(description="A new tag.")
class CreateTagInput:
    """What a tag is made of."""

    name: str
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="A tag's new name.")
class UpdateTagInput:
    """A tag and its new name."""

    id: strawberry.ID
    name: str
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The tag as it was left.")
class TagPayload(Payload):
    """A tag's payload."""

    tag: Tag | None


@strawberry.type
class TagMutations:
    """The mutations of tags."""

    @strawberry.mutation(description="Make a tag. Transactions also make the tags that they name.")
    async def create_tag(self, info: GraphInfo, input: CreateTagInput) -> TagPayload:
        """Create."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            return ledger_id, create_tag(sealed(context, "createTag", input), input.name)

        return _payload(await perform(context, build))

    @strawberry.mutation(description="Rename a tag, on all its transactions at once.")
    async def update_tag(self, info: GraphInfo, input: UpdateTagInput) -> TagPayload:
        """Rename."""

        def command(envelope: Envelope, tag_id: int) -> Write:
            return rename_tag(envelope, tag_id, input.name, input.if_version)

        return _payload(await perform_on(info.context, TAG_NODE, "updateTag", input, command))

    @strawberry.mutation(description="Delete a tag: transactions do not show it any more, until it is restored.")
    async def delete_tag(self, info: GraphInfo, input: EntityInput) -> TagPayload:
        """Delete."""
        return _payload(await delete_one(info.context, TAG_NODE, "deleteTag", input))

    @strawberry.mutation(description="Restore a deleted tag.")
    async def restore_tag(self, info: GraphInfo, input: EntityInput) -> TagPayload:
        """Restore."""
        return _payload(await restore_one(info.context, TAG_NODE, "restoreTag", input))

    @strawberry.mutation(description="Remove a deleted tag for good, from the history too.")
    async def purge_tag(self, info: GraphInfo, input: EntityInput) -> TagPayload:
        """Purge."""
        return _payload(await purge_one(info.context, TAG_NODE, "purgeTag", input))


def _payload(done: Done) -> TagPayload:
    tag = None if done.entity is None else Tag(entity=done.entity, as_of=None)
    return TagPayload(**done.common, tag=tag)
