"""What this schema's fields cost, and the limits of operations as the settings give them.

docs/api-graphql.md shows the table; a test holds every list of the schema against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.execution.limits import Limit, Limits
from graphql_api.execution.weights import Size, Weights
from graphql_api.graph.connection import DEFAULT_PAGE
from graphql_api.settings import PREFIX

if TYPE_CHECKING:
    from graphql_api.settings import Settings

_FEW = Size(5)
_GROUPS = Size(50)

_CONNECTIONS = ("Budget", "Category", "Change", "Ledger", "Tag", "Transaction")
_EDGES = {f"{kind}Edge": 0 for kind in _CONNECTIONS}

_MANY = 100
"""What a write costs that touches as many rows as its input or its filter names."""

WEIGHTS = Weights(
    page=Size(DEFAULT_PAGE, ("first", "last"), ("edges", "nodes"), page=True),
    # what only groups its fields is free
    types={**_EDGES, "PageInfo": 0, "Money": 0, "KindVersions": 0, "UserError": 0},
    fields={
        **{f"{kind}Connection.totalCount": 5 for kind in _CONNECTIONS},
        "Budget.spent": 2,
        "Budget.remaining": 2,
        "Category.path": 1,
        "Mutation.writeTransactions": _MANY,
        "Mutation.deleteAllTransactions": _MANY,
        "Mutation.purgeAllTransactions": _MANY,
    },
    sizes={
        "Ledger.totals": _GROUPS,
        "LiveTotals.totals": _GROUPS,
        "Transaction.tags": _FEW,
        "Category.path": Size(1),
        "Query.nodes": Size(1, ("ids",)),
        "Viewer.tokens": Size(DEFAULT_PAGE),
        "UndoPayload.nodes": _FEW,
        "Mutation.writeTransactions": Size(1, ("input.operations",), ("results",)),
    },
    mutation=10,
)


def limits_of(settings: Settings) -> Limits:
    """The limits, each with the variable that sets it."""

    def limit(name: str, setting: str) -> Limit:
        return Limit(name, getattr(settings, setting), f"{PREFIX}{setting}".upper())

    return Limits(
        tokens=limit("tokens", "max_query_tokens"),
        depth=limit("depth", "max_query_depth"),
        aliases=limit("aliases", "max_query_aliases"),
        root_fields=limit("rootFields", "max_query_root_fields"),
        directives=limit("directives", "max_query_directives"),
        fields=limit("fields", "max_query_fields"),
        page_size=limit("pageSize", "max_page_size"),
        nodes=limit("nodes", "max_query_nodes"),
        cost=limit("cost", "max_query_cost"),
    )


def subscriptions_limit(settings: Settings) -> Limit:
    """How many subscriptions one process has open at most."""
    return Limit("subscriptions", settings.max_subscriptions, f"{PREFIX}MAX_SUBSCRIPTIONS")


def socket_operations_limit(settings: Settings) -> Limit:
    """How many operations run at once on one WebSocket at most."""
    return Limit("socketOperations", settings.max_socket_operations, f"{PREFIX}MAX_SOCKET_OPERATIONS")
