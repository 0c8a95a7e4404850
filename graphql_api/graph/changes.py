"""The change feed and an entity's history, as connections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import strawberry

from graphql_api.database.history import changes_after, count_changes, history
from graphql_api.graph.connection import Connection, Edge, PageArguments, PageInfo
from graphql_api.graph.context import GraphInfo
from graphql_api.graph.node import Node
from graphql_api.ledgers import calendar, model
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import GlobalId
from graphql_api.ledgers.model import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.graph.context import Context

ChangeOperation = strawberry.enum(Operation, name="ChangeOperation", description="What a change did to an entity.")


@strawberry.type(description="Where a change came from, as far as that is known.")
class ChangeSource:
    """A source."""

    told: strawberry.Private[dict[str, str]]

    @strawberry.field(description="The way in: graphql, v1, workshop or cli.")
    def door(self) -> str | None:
        """The door."""
        return self.told.get("door")

    @strawberry.field(description="The id of the request, which the log has too.")
    def request_id(self) -> str | None:
        """The request's id."""
        return self.told.get("request_id")

    @strawberry.field(description="The network address that it came from.")
    def address(self) -> str | None:
        """The address."""
        return self.told.get("address")

    @strawberry.field(description="The shown part of the API token that it was made with.")
    def token(self) -> str | None:
        """The token's prefix."""
        return self.told.get("token")


@strawberry.type(description="One step of one entity, from the version before to this one.")
class Change:
    """A change row."""

    change: strawberry.Private[model.Change]

    @strawberry.field(description="The ledger's version that this change is part of.")
    def version(self) -> int:
        """The version."""
        return self.change.version

    @strawberry.field(description="Its place among the changes of the same version, from 0.")
    def position(self) -> int:
        """The place."""
        return self.change.position

    @strawberry.field(description="The kind of entity: transaction, category, tag, budget, member or ledger.")
    def kind(self) -> str:
        """The kind."""
        return self.change.kind

    @strawberry.field(description="The global id of the entity.")
    def entity_id(self, info: GraphInfo) -> strawberry.ID:
        """The id, also of what is no more."""
        shown = info.context.nodes.by_kind(self.change.kind)
        if shown is None:
            return strawberry.ID(str(GlobalId("Ledger", self.change.ledger_id)))
        return strawberry.ID(str(GlobalId(shown.name, self.change.ledger_id, self.change.entity_id)))

    @strawberry.field(description="What was done.")
    def operation(self) -> ChangeOperation:  # type: ignore[valid-type]  # an enum made by a call
        """The operation."""
        return self.change.operation

    @strawberry.field(description="Who did it.")
    def actor(self) -> str:
        """The principal's subject."""
        return self.change.actor

    @strawberry.field(description="Where it came from; null if that is not known.")
    def source(self) -> ChangeSource | None:
        """The source."""
        return None if self.change.source is None else ChangeSource(told=self.change.source)

    @strawberry.field(description="When it was committed.")
    def at(self) -> datetime:
        """The instant."""
        return calendar.moment(self.change.at)

    @strawberry.field(description="The version that this change takes back, if it does.")
    def undoes(self) -> int | None:
        """The version undone."""
        return self.change.undoes

    @strawberry.field(description="The entity before it, null for a creation or once it was purged.")
    async def before(self, info: GraphInfo) -> Node | None:
        """The state before."""
        return await self._state(info.context, self.change.before, self.change.version - 1)

    @strawberry.field(description="The entity after it, null once it was purged.")
    async def after(self, info: GraphInfo) -> Node | None:
        """The state after."""
        return await self._state(info.context, self.change.after, self.change.version)

    async def _state(self, context: Context, state: dict[str, Any] | None, version: int) -> Node | None:
        if state is None:
            return None
        shown = context.nodes.by_kind(self.change.kind)
        if shown is None:
            return context.nodes.ledger(await context.ledger(self.change.ledger_id, version))
        entity = shown.kind.from_state(self.change.ledger_id, self.change.entity_id, version, state)
        return shown.make(entity, version)


@dataclass(frozen=True, slots=True)
class _Feed:
    ledger_id: int
    until: int | None
    kind: str | None = None
    entity_id: int | None = None


async def feed(
    context: Context, ledger_id: int, until: int | None, *, since: int, first: int | None, after: str | None
) -> Connection[Change]:
    """The ledger's changes after a version, oldest first."""
    size = PageArguments(first=first).size
    start = (since, 2**31) if after is None else position(after)
    found = await changes_after(context.snapshot, ledger_id, start, size + 1, until)
    return _connection(context, found, size, _Feed(ledger_id, until), since if after is None else None)


async def _entity_history(
    context: Context, kind: str, entity: model.Entity, until: int | None, *, first: int | None, after: str | None
) -> Connection[Change]:
    size = PageArguments(first=first).size
    place = None if after is None else position(after)
    found = await history(
        context.snapshot, entity.ledger_id, kind, entity.id, before=place, limit=size + 1, until=until
    )
    return _connection(context, found, size, _Feed(entity.ledger_id, until, kind, entity.id), None)


def _connection(
    context: Context, found: Sequence[model.Change], size: int, wanted: _Feed, since: int | None
) -> Connection[Change]:
    shown = found[:size]
    cursors = [f"{change.version}.{change.position}" for change in shown]

    async def count() -> int:
        return await count_changes(
            context.snapshot,
            wanted.ledger_id,
            kind=wanted.kind,
            entity_id=wanted.entity_id,
            since=since or 0,
            until=wanted.until,
        )

    async def has_next() -> bool:
        return len(found) > size

    async def has_previous() -> bool:
        return since is None

    edges = [Edge(cursor=cursor, node=Change(change=change)) for cursor, change in zip(cursors, shown, strict=True)]
    page_info = PageInfo(
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
        has_next=has_next,
        has_previous=has_previous,
    )
    return Connection(edges=edges, page_info=page_info, count=count)


def position(cursor: str) -> tuple[int, int]:
    """The version and the position that a cursor of the feed names."""
    version, point, place = cursor.partition(".")
    longest = 18
    if point and all(part.isascii() and part.isdigit() and len(part) <= longest for part in (version, place)):
        return int(version), int(place)
    message = "after is not a cursor that the service gave for this query."
    raise Refused.because(Code.CURSOR_INVALID, message, "after")


@strawberry.interface(description="What a ledger holds, each state of it written by one version of the ledger.")
class Entity(Node):
    """An entity as it was at a version (`as_of`, None for the present); `shown` is set by each type."""

    shown: ClassVar[str]
    entity: strawberry.Private[Any]
    as_of: strawberry.Private[int | None]

    @strawberry.field(description="The global id, opaque.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(str(GlobalId(self.shown, self.entity.ledger_id, self.entity.id)))

    @strawberry.field(description="The global id of its ledger.")
    def ledger_id(self) -> strawberry.ID:
        """The ledger's id."""
        return strawberry.ID(str(GlobalId("Ledger", self.entity.ledger_id)))

    @strawberry.field(description="The ledger's version that wrote this state; give it as ifVersion.")
    def version(self) -> int:
        """The version."""
        return int(self.entity.version)

    @strawberry.field(description="Whether it is deleted, and can be restored.")
    def deleted(self) -> bool:
        """The deletion mark."""
        return bool(self.entity.deleted)

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
        """The changes, up to the version looked at."""
        kind = self.shown.lower()
        return await _entity_history(info.context, kind, self.entity, self.as_of, first=first, after=after)
