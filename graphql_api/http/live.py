"""What can be subscribed to: a ledger's changes, and totals as they change."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import strawberry

from graphql_api.database.history import changes_after
from graphql_api.graph.changes import Change, position
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transactions.conditions import TransactionFilter
from graphql_api.transactions.graphql import DeletedChoice, Total, TotalsGroup, totals_of
from graphql_api.transactions.totals import Deleted

if TYPE_CHECKING:
    from graphql_api.graph.context import Context
    from graphql_api.graph.stream import Stream
    from graphql_api.ledgers.model import Ledger

_AT_ONCE = 100
_LAST = 2**31
_TOTALLED = ("transactions", "categories")


@strawberry.type(description="Totals as of a version of the ledger.")
class LiveTotals:
    """Totals with their version."""

    version: int = strawberry.field(description="The ledger's version that they are of.")
    totals: list[Total] = strawberry.field(description="As the ledger's field of this name gives them.")


@strawberry.type
class Subscription:
    """Where listening starts."""

    @strawberry.subscription(
        description="Every change of a ledger once, in the order they were committed: after the version `since`, or "
        "after the change `after` (its version, a point, its position), or else from now on."
    )
    async def ledger_changes(
        self,
        info: GraphInfo,
        ledger_id: strawberry.ID | None = None,
        since: int | None = None,
        after: str | None = None,
    ) -> AsyncGenerator[Change, None]:
        """The change feed."""
        context, stream = info.context, _stream(info.context)
        number = context.ledger_id(ledger_id, "ledgerId")
        place = await _start(context, number, since, stream.resume or after)
        with stream.wakeups.listening(number) as listener:
            while True:
                listener.hush()
                await context.renew()
                found = await changes_after(context.snapshot, number, place, _AT_ONCE)
                await context.close()
                for change in found:
                    place = change.version, change.position
                    stream.place = f"{change.version}.{change.position}"
                    yield Change(change=change)
                if len(found) < _AT_ONCE:
                    await listener.wait()

    @strawberry.subscription(
        description="Totals at once, and again after each write that may have changed them; of many writes while the "
        "client was busy, the last one counts."
    )
    async def totals(
        self,
        info: GraphInfo,
        ledger_id: strawberry.ID | None = None,
        filter: TransactionFilter | None = None,
        group_by: list[TotalsGroup] | None = None,  # type: ignore[valid-type]  # an enum made by a call
        deleted: DeletedChoice = Deleted.EXCLUDE,  # type: ignore[valid-type]  # an enum made by a call
    ) -> AsyncGenerator[LiveTotals, None]:
        """The totals."""
        context, stream = info.context, _stream(info.context)
        number = context.ledger_id(ledger_id, "ledgerId")
        kinds = _TOTALLED if filter is None else (*_TOTALLED, "tags")  # a filter may name tags
        known: list[int] | None = None
        with stream.wakeups.listening(number) as listener:
            while True:
                listener.hush()
                await context.renew()
                ledger = await context.snapshot.ledger(number)
                versions = [ledger.kinds[kind] for kind in kinds]
                if versions != known:
                    known = versions
                    viewed = Viewed(ledger, None)
                    totals = await totals_of(context, viewed, filter, group_by, deleted)
                    yield LiveTotals(version=ledger.version, totals=totals)
                await context.close()
                await listener.wait()


def _stream(context: Context) -> Stream:
    if context.stream is None:  # pragma: no cover  the doors run no subscription without one
        raise Refused.because(Code.INVALID, "A subscription is opened by WebSocket or as an event stream.")
    return context.stream


async def _start(context: Context, ledger_id: int, since: int | None, after: str | None) -> tuple[int, int]:
    """The place after which the feed begins."""
    ledger: Ledger = await context.snapshot.ledger(ledger_id)
    if after is not None:
        start = position(after)
    elif since is not None:
        start = since, _LAST
    else:
        return ledger.version, _LAST
    if not 0 <= start[0] <= ledger.version:
        message = f"The ledger has the versions 1 to {ledger.version}; 0 stands for all of them."
        raise Refused.because(Code.INVALID, message, "since" if after is None else "after")
    return start
