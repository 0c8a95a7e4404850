"""What this schema's fields are read from: which kinds of entity, and so which versions decide about an answer.

A test holds every field of a query against the table. A field that it does not have keeps its query out of the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.ids import parse_id, parse_ledger_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql_api.cache.shared import Key
    from graphql_api.execution.footprint import Footprint, Start
    from graphql_api.graph.node import NodeTypes
    from graphql_api.ledgers.model import Ledger

WHOLE = "ledger"
"""Stands for the ledger's own version, which every write advances: for what is read from all kinds or from the past."""

_NOTHING: frozenset[str] = frozenset()
_WHOLE = frozenset((WHOLE,))
_TRANSACTIONS = frozenset(("transactions",))
_CATEGORIES = frozenset(("categories",))
_TAGS = frozenset(("tags",))
_BUDGETS = frozenset(("budgets",))
_MEMBERS = frozenset(("members",))
_FILTERED = _CATEGORIES | _TAGS

# the type's own fields, and what each is read from beside what the field was that gave its object
_FIELDS: dict[str, dict[frozenset[str], str]] = {
    "Query": {_NOTHING: "ledger node nodes viewer __schema __type"},
    "Viewer": {_NOTHING: "subject cap"},
    "Ledger": {
        _NOTHING: "id viewerRole",
        _WHOLE: "name currency version versions createdAt updatedAt changes",
        _TRANSACTIONS: "transactions transaction totals",
        _CATEGORIES: "categories",
        _TAGS: "tags",
        _BUDGETS: "budgets",
        _MEMBERS: "members",
    },
    "Transaction": {
        _TRANSACTIONS: "id ledgerId version deleted createdAt updatedAt number date amount merchant description "
        "externalId",
        _TRANSACTIONS | _CATEGORIES: "category",
        _TRANSACTIONS | _TAGS: "tags",
        _WHOLE: "history",
    },
    "Total": {
        _TRANSACTIONS: "amount count year month date merchant",
        _TRANSACTIONS | _CATEGORIES: "category",
    },
    "Category": {
        _CATEGORIES: "id ledgerId version deleted createdAt updatedAt name parent children path",
        _WHOLE: "history",
    },
    "Tag": {_TAGS: "id ledgerId version deleted createdAt updatedAt name", _WHOLE: "history"},
    "Budget": {
        _BUDGETS: "id ledgerId version deleted createdAt updatedAt month amount",
        _BUDGETS | _CATEGORIES: "category",
        _BUDGETS | _CATEGORIES | _TRANSACTIONS: "spent remaining",
        _WHOLE: "history",
    },
    "Member": {
        _MEMBERS: "id ledgerId version deleted createdAt updatedAt subject role invitedBy expiresAt",
        _WHOLE: "history",
    },
    # an entity is reached by its id, which names its kind, or by a change, which is of all kinds
    "Node": {_NOTHING: "id"},
    "Entity": {_NOTHING: "id ledgerId version deleted createdAt updatedAt", _WHOLE: "history"},
    "Change": {_WHOLE: "version position kind entityId operation actor at undoes before after source"},
    "ChangeSource": {_WHOLE: "door requestId address token"},
    "Money": {_NOTHING: "value currency minorUnits"},
    "KindVersions": {_NOTHING: "transactions categories tags budgets members"},
    "PageInfo": {_NOTHING: "hasNextPage hasPreviousPage startCursor endCursor"},
}

_PAGES = {"Connection": frozenset(("edges", "nodes", "pageInfo", "totalCount")), "Edge": frozenset(("node", "cursor"))}

_BY_FIELD = {
    f"{kind}.{name}": read
    for kind, fields in _FIELDS.items()
    for read, names in fields.items()
    for name in names.split()
}

_BY_ARGUMENT = {
    "Query.ledger(asOf)": _WHOLE,
    "Query.node(asOf)": _WHOLE,
    "Query.nodes(asOf)": _WHOLE,
    "Ledger.transactions(filter)": _FILTERED,
    "Ledger.totals(filter)": _FILTERED,
    "Ledger.totals(groupBy)": _CATEGORIES,
}

UNCACHED = frozenset(
    (
        "Query.ledgers",  # the shelf has no version
        "Viewer.tokens",  # nor have tokens
        *(
            f"ApiToken.{name}"
            for name in ("id", "name", "prefix", "cap", "ledgerId", "createdAt", "expiresAt", "revokedAt")
        ),
        *(f"LedgerConnection.{name}" for name in _PAGES["Connection"]),
        *(f"LedgerEdge.{name}" for name in _PAGES["Edge"]),
    )
)
"""Fields that are read anew each time."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a query is read from: these kinds, in the ledgers at which its root fields start."""

    kinds: frozenset[str]
    starts: tuple[Start, ...]

    def within(self, variables: Mapping[str, Any], own: int | None, nodes: NodeTypes) -> Within | None:
        """Which kinds of which ledgers, with a request's variables; None if an argument is not as it should be.

        `own` is the ledger that is meant where none is named, None if one must be.
        """
        ledgers: dict[int, None] = {}
        kinds = set(self.kinds)
        try:
            for start in self.starts:
                for text in _ids(start, variables):
                    if text is None:
                        if own is None:
                            return None
                        ledgers[own] = None
                    elif start.name == "ledger":
                        ledgers[parse_ledger_id(text, "id")] = None
                    else:
                        named = parse_id(text, "id")
                        ledgers[named.ledger_id] = None
                        shown = nodes.by_name(named.type)
                        kinds.add(WHOLE if shown is None else shown.kind.plural)
        except (Refused, _Unclear):
            return None
        if not ledgers and own is not None:
            ledgers[own] = None
        return Within(tuple(ledgers), tuple(sorted(kinds))) if ledgers else None


@dataclass(frozen=True, slots=True)
class Within:
    """Kinds of ledgers."""

    ledgers: tuple[int, ...]
    kinds: tuple[str, ...]

    def versions(self, found: Mapping[int, Ledger]) -> tuple[Key, ...] | None:
        """The versions that decide, for each ledger; None if one of the ledgers is not there."""
        if any(ledger_id not in found for ledger_id in self.ledgers):
            return None
        return tuple(
            # databases that share a Redis have ledgers of the same number, but not made at the same microsecond
            (
                one.id,
                one.created_at,
                None if one.role is None else one.role.value,
                *(one.version if kind == WHOLE else one.kinds[kind] for kind in self.kinds),
            )
            for one in map(found.__getitem__, self.ledgers)
        )


class _Unclear(Exception):
    """An argument's value is none that the schema takes."""


def reads_of(found: Footprint) -> Reads | None:
    """What a query is read from; None if one of its fields has to be read anew each time."""
    kinds: set[str] = set()
    for coordinate in found.coordinates:
        if coordinate.endswith(")"):
            kinds |= _BY_ARGUMENT.get(coordinate, _NOTHING)
            continue
        read = kinds_of(coordinate)
        if read is None:
            return None
        kinds |= read
    return Reads(_WHOLE if WHOLE in kinds else frozenset(kinds), _of_ledgers(found.starts))


def kinds_of(coordinate: str) -> frozenset[str] | None:
    """The kinds that a field is read from; None for one that keeps its query out of the cache."""
    if coordinate in UNCACHED:
        return None
    name, _, field = coordinate.partition(".")
    if any(name.endswith(ending) and field in fields for ending, fields in _PAGES.items()):
        return _NOTHING  # a page is read from what its list is
    return _BY_FIELD.get(coordinate)


def _of_ledgers(starts: Iterable[Start]) -> tuple[Start, ...]:
    return tuple(start for start in starts if start.name in {"ledger", "node", "nodes"})


def _ids(start: Start, variables: Mapping[str, Any]) -> list[str | None]:
    value = start.argument("ids" if start.name == "nodes" else "id", variables)
    values = value if isinstance(value, list) else [value]
    if start.name != "ledger" and None in values:
        raise _Unclear
    if any(isinstance(one, bool) or not (one is None or isinstance(one, (str, int))) for one in values):
        raise _Unclear
    return [None if one is None else str(one) for one in values]
