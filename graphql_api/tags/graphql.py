"""Tags in GraphQL."""

from __future__ import annotations

from datetime import datetime

import strawberry

from graphql_api.graph.changes import Change, entity_history
from graphql_api.graph.connection import Connection
from graphql_api.graph.context import GraphInfo
from graphql_api.graph.node import Node, entity_id
from graphql_api.ledgers import calendar
from graphql_api.tags import model
from graphql_api.tags.store import TAG


@strawberry.type(description="A free label of transactions, renamed in one place.")
class Tag(Node):
    """A tag at a version."""

    entity: strawberry.Private[model.Tag]
    as_of: strawberry.Private[int | None]

    @strawberry.field(description="The global id, opaque.")
    def id(self) -> strawberry.ID:
        """The id."""
        return entity_id("Tag", self.entity)

    @strawberry.field(description="The name, unique in its ledger without regard to case and accents.")
    def name(self) -> str:
        """The name."""
        return self.entity.name

    @strawberry.field(description="The ledger's version that wrote this state.")
    def version(self) -> int:
        """The version."""
        return self.entity.version

    @strawberry.field(description="Whether it is deleted, and can be restored.")
    def deleted(self) -> bool:
        """The deletion mark."""
        return self.entity.deleted

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        """The instant."""
        return calendar.moment(self.entity.created_at)

    @strawberry.field(description="When this state was written.")
    def updated_at(self) -> datetime:
        """The instant."""
        return calendar.moment(self.entity.updated_at)

    @strawberry.field(description="Its changes, newest first.")
    async def history(self, info: GraphInfo, first: int | None = None, after: str | None = None) -> Connection[Change]:
        """The changes."""
        return await entity_history(info.context, TAG.name, self.entity, self.as_of, first=first, after=after)
