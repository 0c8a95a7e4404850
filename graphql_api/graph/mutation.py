"""What every mutation does alike: build a write, do it, and answer with a payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.database import commands
from graphql_api.graph.payload import UserError, request_of, user_errors
from graphql_api.ledgers.errors import Problem, Refused
from graphql_api.ledgers.ids import parse_entity_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.database.kinds import Kind
    from graphql_api.database.outcome import Outcome
    from graphql_api.database.writer import Envelope, Write
    from graphql_api.graph.context import Context
    from graphql_api.graph.node import NodeType

KEY = "A repeated request with the same key and input is answered by the stored outcome; kept for 24 hours at least."
DRY_RUN = "Say what would come of it, and write nothing."
IF_VERSION = "Refuse the change if the entity is not at this version any more."
OWN_LEDGER = "The ledger; the principal's own if left out."


@strawberry.type(description="What every mutation answers.")
class Payload:
    """The part that all payloads have."""

    user_errors: list[UserError] = strawberry.field(description="What is wrong with the input; empty if it was done.")
    ledger_version: int | None = strawberry.field(description="The ledger's version after it, null if refused.")
    replayed: bool = strawberry.field(description="Whether this is the stored outcome of an earlier request.")


@strawberry.input(description="Names an entity to delete, restore or purge.")
class EntityInput:
    """An entity by its id."""

    id: strawberry.ID
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@dataclass(frozen=True, slots=True)
class Done:
    """A write's outcome, or why it was refused."""

    outcome: Outcome | None
    problems: tuple[Problem, ...] = ()

    @property
    def entity(self) -> Any:
        """The entity of a write of one row, None if refused."""
        return None if self.outcome is None else self.outcome.entity

    @property
    def common(self) -> dict[str, Any]:
        """The fields of `Payload`."""
        return {
            "user_errors": user_errors(self.problems),
            "ledger_version": None if self.outcome is None else self.outcome.version,
            "replayed": self.outcome is not None and self.outcome.replayed,
        }


async def perform(context: Context, build: Callable[[], tuple[int, Write]]) -> Done:
    """Build a write with its ledger's number, and do it; what is refused on the way becomes the payload's errors."""
    try:
        ledger_id, write = build()
        return Done(await context.write(ledger_id, write))
    except Refused as refusal:
        return Done(None, refusal.problems)


def sealed(context: Context, operation: str, given: Any) -> Envelope:
    """The envelope of an input that has an idempotency key and a dry run."""
    return context.envelope(operation, request_of(given), given.idempotency_key, dry_run=given.dry_run)


async def perform_on(
    context: Context, node: NodeType, operation: str, given: Any, command: Callable[[Envelope, int], Write]
) -> Done:
    """The same for a change of the entity that the input names by its id."""

    def build() -> tuple[int, Write]:
        ledger_id, entity_id = parse_entity_id(given.id, node.name, "id")
        return ledger_id, command(sealed(context, operation, given), entity_id)

    return await perform(context, build)


async def delete_one(context: Context, node: NodeType, operation: str, given: EntityInput) -> Done:
    """Delete the entity that the input names."""
    return await _common(context, node, operation, given, commands.delete)


async def restore_one(context: Context, node: NodeType, operation: str, given: EntityInput) -> Done:
    """Restore the entity that the input names."""
    return await _common(context, node, operation, given, commands.restore)


async def purge_one(context: Context, node: NodeType, operation: str, given: EntityInput) -> Done:
    """Purge the entity that the input names."""
    return await _common(context, node, operation, given, commands.purge)


async def _common(
    context: Context,
    node: NodeType,
    operation: str,
    given: EntityInput,
    command: Callable[[Envelope, Kind[Any], int, int | None], Write],
) -> Done:
    def build(envelope: Envelope, entity_id: int) -> Write:
        return command(envelope, node.kind, entity_id, given.if_version)

    return await perform_on(context, node, operation, given, build)
