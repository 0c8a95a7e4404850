"""Relay's Node, and the registry of the types that implement it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import strawberry

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.database.kinds import Kind
    from graphql_api.graph.context import Viewed


@strawberry.interface(description="Anything with a global id.")
class Node:
    """Relay's interface; each type makes its own id."""

    @strawberry.field(description="The global id, opaque.")
    def id(self) -> strawberry.ID:
        """Made by the type."""
        raise NotImplementedError  # pragma: no cover  every type that implements Node has its own


@dataclass(frozen=True, slots=True)
class NodeType:
    """How a kind of entity is shown: the GraphQL type made of an entity and the version looked at."""

    name: str
    kind: Kind[Any]
    make: Callable[[Any, int | None], Node]


@dataclass(frozen=True, slots=True)
class NodeTypes:
    """All of them, and how a ledger is shown."""

    entities: tuple[NodeType, ...]
    ledger: Callable[[Viewed], Node]

    def by_kind(self, kind: str) -> NodeType | None:
        """The type that shows a kind."""
        return next((one for one in self.entities if one.kind.name == kind), None)

    def by_name(self, name: str) -> NodeType | None:
        """The type of a name."""
        return next((one for one in self.entities if one.name == name), None)
