"""The GraphQL schema, put together of the nouns' parts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry
from strawberry.schema.config import StrawberryConfig

from graphql_api.budgets.graphql import BUDGET_NODE, BudgetFields, BudgetMutations
from graphql_api.categories.graphql import CATEGORY_NODE, CategoryFields, CategoryMutations
from graphql_api.database.history import undo
from graphql_api.database.shelf import rename
from graphql_api.graph.changes import Change, Entity, feed
from graphql_api.graph.connection import Connection, Edge, PageArguments, PageInfo
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.graph.mutation import DRY_RUN, KEY, OWN_LEDGER, Done, Payload, perform, sealed
from graphql_api.graph.node import Node, NodeTypes
from graphql_api.graph.payload import user_errors
from graphql_api.graph.scalars import SCALARS
from graphql_api.http.live import Subscription
from graphql_api.http.viewer import TokenMutations, Viewer, viewer
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import GlobalId, parse_id, parse_ledger_id
from graphql_api.members.graphql import MEMBER_NODE, MemberFields, MemberMutations
from graphql_api.tags.graphql import TAG_NODE, TagFields, TagMutations
from graphql_api.transactions.graphql import TRANSACTION_NODE, TransactionFields
from graphql_api.transactions.mutations import TransactionMutations

if TYPE_CHECKING:
    from graphql_api.database.writer import Write
    from graphql_api.graph.context import Context

MOST_NODES = 1000
"""Ids that `nodes` takes."""


@strawberry.input(one_of=True, description="A ledger as it was: at a version, or at an instant.")
class AsOf:
    """One of both."""

    version: int | None = strawberry.UNSET
    instant: datetime | None = strawberry.UNSET


@strawberry.type(description="The versions that last touched each kind of entity.")
class KindVersions:
    """A version for each kind, 0 for one that never had any."""

    transactions: int
    categories: int
    tags: int
    budgets: int
    members: int


@strawberry.type(description="One book of expenses, the unit of tenancy.")
class Ledger(TransactionFields, CategoryFields, TagFields, BudgetFields, MemberFields, Node):
    """A ledger at a version."""

    @strawberry.field(description="The global id, opaque.")
    def id(self) -> strawberry.ID:
        """The id."""
        return strawberry.ID(str(GlobalId("Ledger", self.viewed.ledger.id)))

    @strawberry.field(description="The name.")
    def name(self) -> str:
        """The name."""
        return self.viewed.ledger.name

    @strawberry.field(description="The ISO 4217 code that is taken where none is given.")
    def currency(self) -> str:
        """The currency."""
        return self.viewed.ledger.currency

    @strawberry.field(description="The version: each write advances it by one.")
    def version(self) -> int:
        """The version."""
        return self.viewed.ledger.version

    @strawberry.field(description="The versions that last touched each kind.")
    def versions(self) -> KindVersions:
        """The versions of the kinds."""
        return KindVersions(**self.viewed.ledger.kinds)

    @strawberry.field(description="When it was made.")
    def created_at(self) -> datetime:
        """The instant."""
        return calendar.moment(self.viewed.ledger.created_at)

    @strawberry.field(description="When this version was written.")
    def updated_at(self) -> datetime:
        """The instant."""
        return calendar.moment(self.viewed.ledger.updated_at)

    @strawberry.field(description="All changes after a version, in the order they were committed, without a gap.")
    async def changes(
        self, info: GraphInfo, since: int = 0, first: int | None = None, after: str | None = None
    ) -> Connection[Change]:
        """The change feed."""
        ledger = self.viewed.ledger
        return await feed(info.context, ledger.id, self.viewed.as_of, since=since, first=first, after=after)


NODES = NodeTypes(
    (TRANSACTION_NODE, CATEGORY_NODE, TAG_NODE, BUDGET_NODE, MEMBER_NODE), lambda viewed: Ledger(viewed=viewed)
)


async def _ledger(context: Context, ledger_id: int, as_of: AsOf | None) -> Ledger:
    version = as_of.version if as_of is not None and as_of.version is not strawberry.UNSET else None
    instant = as_of.instant if as_of is not None and as_of.instant is not strawberry.UNSET else None
    return Ledger(viewed=await context.ledger(ledger_id, version, instant))


async def _node(context: Context, text: str, as_of: AsOf | None) -> Node | None:
    named = parse_id(text, "id")
    shown = NODES.by_name(named.type)
    if (shown is None) != (named.entity_id is None) or (shown is None and named.type != "Ledger"):
        raise Refused.because(Code.ID_INVALID, "This is not an id that the service gave.", "id")
    if not await context.snapshot.ledgers([named.ledger_id]):
        return None
    ledger = await _ledger(context, named.ledger_id, as_of)
    if shown is None or named.entity_id is None:
        return ledger
    as_of_version = ledger.viewed.as_of
    entity = await context.entity(shown.kind, named.ledger_id, named.entity_id, as_of_version)
    return None if entity is None else shown.make(entity, as_of_version)


@strawberry.type
class Query:
    """Where reading starts."""

    @strawberry.field(description="A ledger, the principal's own if no id is given, at present or as it was.")
    async def ledger(self, info: GraphInfo, id: strawberry.ID | None = None, as_of: AsOf | None = None) -> Ledger:
        """One ledger."""
        return await _ledger(info.context, info.context.ledger_id(id, "id"), as_of)

    @strawberry.field(description="Who asks.")
    def viewer(self, info: GraphInfo) -> Viewer:
        """The principal."""
        return viewer(info)

    @strawberry.field(description="All ledgers that the principal may read.")
    async def ledgers(self, info: GraphInfo, first: int | None = None, after: str | None = None) -> Connection[Ledger]:
        """A page of ledgers."""
        context = info.context
        size = PageArguments(first=first).size
        start = 0 if after is None else parse_ledger_id(after, "after")
        found = await context.snapshot.shelf(after=start, limit=size + 1)
        edges = [
            Edge(cursor=str(GlobalId("Ledger", ledger.id)), node=Ledger(viewed=Viewed(ledger, None)))
            for ledger in found[:size]
        ]

        async def has_next() -> bool:
            return len(found) > size

        async def has_previous() -> bool:
            return after is not None

        page_info = PageInfo(
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
            has_next=has_next,
            has_previous=has_previous,
        )
        return Connection(edges=edges, page_info=page_info, count=context.snapshot.shelf_size)

    @strawberry.field(description="Anything by its global id, null if it is not there.")
    async def node(self, info: GraphInfo, id: strawberry.ID, as_of: AsOf | None = None) -> Node | None:
        """One node."""
        return await _node(info.context, id, as_of)

    @strawberry.field(description=f"Many by their global ids, in order; at most {MOST_NODES:,}.")
    async def nodes(self, info: GraphInfo, ids: list[strawberry.ID], as_of: AsOf | None = None) -> list[Node | None]:
        """Many nodes."""
        if len(ids) > MOST_NODES:
            message = f"nodes takes at most {MOST_NODES:,} ids: not {len(ids):,}."
            raise Refused.because(Code.TOO_LONG, message, "ids")
        return [await _node(info.context, one, as_of) for one in ids]


@strawberry.input(description="A new ledger.")
class CreateLedgerInput:
    """What a ledger is made of."""

    name: str
    currency: str = strawberry.field(description="ISO 4217 code that is taken where none is given.")


@strawberry.input(description="A ledger's new name.")
class UpdateLedgerInput:
    """A ledger and its new name."""

    name: str
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="A version to take back.")
class UndoInput:
    """A ledger's version."""

    version: int
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The ledger as it was left.")
class LedgerPayload(Payload):
    """A ledger's payload."""

    ledger: Ledger | None


@strawberry.type(description="What was taken back, as it is now.")
class UndoPayload(Payload):
    """The payload of an undo."""

    nodes: list[Node]


@strawberry.type
class LedgerMutations:
    """The mutations of ledgers."""

    @strawberry.mutation(description="Make a ledger.")
    async def create_ledger(self, info: GraphInfo, input: CreateLedgerInput) -> LedgerPayload:
        """Create."""
        context = info.context
        try:
            made = await context.database.create_ledger(
                context.principal.subject, name=input.name, currency=input.currency
            )
        except Refused as refusal:
            errors = user_errors(refusal.problems)
            return LedgerPayload(user_errors=errors, ledger_version=None, replayed=False, ledger=None)
        await context.renew()
        ledger = Ledger(viewed=Viewed(made, None))
        return LedgerPayload(user_errors=[], ledger_version=made.version, replayed=False, ledger=ledger)

    @strawberry.mutation(description="Rename a ledger.")
    async def update_ledger(self, info: GraphInfo, input: UpdateLedgerInput) -> LedgerPayload:
        """Rename."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            return ledger_id, rename(sealed(context, "updateLedger", input), input.name)

        done = await perform(context, build)
        ledger_id = None if done.outcome is None else context.ledger_id(input.ledger_id)
        ledger = None if ledger_id is None else Ledger(viewed=await context.ledger(ledger_id))
        return LedgerPayload(**done.common, ledger=ledger)

    @strawberry.mutation(description="Take back all that a version did, unless it was changed again since.")
    async def undo(self, info: GraphInfo, input: UndoInput) -> UndoPayload:
        """Undo."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            return ledger_id, undo(sealed(context, "undo", input), input.version, context.database.kinds)

        done = await perform(context, build)
        return UndoPayload(**done.common, nodes=_undone(done))


def _undone(done: Done) -> list[Node]:
    results = () if done.outcome is None else done.outcome.results
    return [
        shown.make(result.entity, None)
        for result in results
        for shown in NODES.entities
        if isinstance(result.entity, shown.kind.entity)
    ]


@strawberry.type
class Mutation(
    TransactionMutations,
    CategoryMutations,
    TagMutations,
    BudgetMutations,
    MemberMutations,
    LedgerMutations,
    TokenMutations,
):
    """Where writing starts."""


SCHEMA = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Entity],
    config=StrawberryConfig(scalar_map=SCALARS, sort_schema=False),
)

GRAPHQL_SCHEMA = SCHEMA._schema  # noqa: SLF001  strawberry has no public name for it
"""The same as graphql-core has it."""
