"""Relay connections with keyset cursors.

A cursor holds the values of the sort keys at its row, so it stays right while rows come and go around it, and names
the query that it belongs to. It holds nothing that its client has not seen, and no more than a place in its list.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import strawberry

from graphql_api.database.states import Range, SortKey, Where, page
from graphql_api.ledgers.errors import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.database.kinds import Kind
    from graphql_api.graph.context import Context

T = TypeVar("T")

DEFAULT_PAGE = 50
LARGEST_PAGE = 1000
_LONGEST_CURSOR = 4000
_DIGEST = 8


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info; what costs a query is computed only when asked for."""

    start_cursor: str | None
    end_cursor: str | None
    has_next: strawberry.Private[Callable[[], Awaitable[bool]]]
    has_previous: strawberry.Private[Callable[[], Awaitable[bool]]]

    @strawberry.field(description="Whether there are rows after this page.")
    async def has_next_page(self) -> bool:
        """Ask, if it is not known."""
        return await self.has_next()

    @strawberry.field(description="Whether there are rows before this page.")
    async def has_previous_page(self) -> bool:
        """Ask, if it is not known."""
        return await self.has_previous()


@strawberry.type(description="A row of a page with its cursor.")
class Edge(Generic[T]):
    """Relay's edge."""

    cursor: str
    node: T


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection."""

    edges: list[Edge[T]]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="The rows of the page, for those who need no cursors.")
    def nodes(self) -> list[T]:
        """The edges' nodes."""
        return [edge.node for edge in self.edges]

    @strawberry.field(description="How many rows the whole list has.")
    async def total_count(self) -> int:
        """Count, when asked for."""
        return await self.count()


@dataclass(frozen=True, slots=True)
class PageArguments:
    """first and after, or last and before."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """How many rows are wanted. Refuses sizes out of range, and first together with last."""
        if self.first is not None and self.last is not None:
            raise Refused.because(Code.PAGE_INVALID, "Give first or last, not both.", "first")
        name, size = ("last", self.last) if self.last is not None else ("first", self.first)
        if size is None:
            return DEFAULT_PAGE
        if not 0 <= size <= LARGEST_PAGE:
            raise Refused.because(Code.PAGE_INVALID, f"{name} is from 0 to {LARGEST_PAGE:,}: not {size}.", name)
        return size

    @property
    def backwards(self) -> bool:
        """Whether the page is counted from the end."""
        return self.last is not None


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list that is to be paged: of what, in which order, which rows, and how a row becomes a node.

    `name` is a text that differs between lists whose cursors must not be mixed up.
    """

    kind: Kind[Any]
    ledger_id: int
    as_of: int | None
    where: Where
    keys: Sequence[SortKey]
    name: str
    node: Callable[[Any], T]
    count: Callable[[], Awaitable[int]]


async def connect(context: Context, listing: Listing[T], arguments: PageArguments) -> Connection[T]:
    """The page of the list that the arguments ask for."""
    size = arguments.size
    after = _read_cursor(arguments.after, listing, "after")
    before = _read_cursor(arguments.before, listing, "before")

    async def rows(wanted: Range) -> list[Any]:
        snapshot = context.snapshot
        return await page(snapshot, listing.kind, listing.ledger_id, listing.as_of, listing.where, listing.keys, wanted)

    found = await rows(Range(size + 1, after, before, arguments.backwards)) if size else []
    more = len(found) > size
    shown = (found[1:] if arguments.backwards else found[:-1]) if more else found
    places = [_place(row, listing) for row in shown]

    async def known() -> bool:
        return more

    async def beyond() -> bool:
        # at the far side of the page: is anything there on the other side of its edge?
        if not places:
            return False
        place = places[-1] if arguments.backwards else places[0]
        far = Range(1, after=place) if arguments.backwards else Range(1, before=place, backwards=True)
        return bool(await rows(far))

    cursors = [_cursor(place, listing) for place in places]
    return Connection(
        edges=[Edge(cursor=cursor, node=listing.node(row)) for cursor, row in zip(cursors, shown, strict=True)],
        page_info=PageInfo(
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
            has_next=beyond if arguments.backwards else known,
            has_previous=known if arguments.backwards else beyond,
        ),
        count=listing.count,
    )


def _place(row: Any, listing: Listing[Any]) -> tuple[Any, ...]:
    names = listing.kind.names
    derived = listing.kind.derive(row) if any(key.column not in names for key in listing.keys) else {}
    return tuple(derived[key.column] if key.column in derived else getattr(row, key.column) for key in listing.keys)


def _cursor(place: tuple[Any, ...], listing: Listing[Any]) -> str:
    values = [value.isoformat() if isinstance(value, date) else value for value in place]
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(body, listing) + body).rstrip(b"=").decode()


def _read_cursor(text: str | None, listing: Listing[Any], name: str) -> tuple[Any, ...] | None:
    if text is None:
        return None
    try:
        if len(text) > _LONGEST_CURSOR:
            raise ValueError(name)  # noqa: TRY301  one refusal for all that is wrong
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        digest, body = raw[:_DIGEST], raw[_DIGEST:]
        if digest != _digest(body, listing):
            raise ValueError(name)  # noqa: TRY301  as above
        values = json.loads(body)
        return tuple(
            date.fromisoformat(value) if key.column == "date" else value
            for key, value in zip(listing.keys, values, strict=True)
        )
    except (ValueError, TypeError, binascii.Error) as error:
        message = f"{name} is not a cursor that the service gave for this query."
        raise Refused.because(Code.CURSOR_INVALID, message, name) from error


def _digest(body: bytes, listing: Listing[Any]) -> bytes:
    # tells cursors of another query and damaged ones; it keeps no secret, for a place in a list is none
    order = [(key.column, key.descending) for key in listing.keys]
    query = f"{listing.kind.name} {listing.ledger_id} {order} {listing.name}"
    return hashlib.sha256(query.encode() + b"\0" + body).digest()[:_DIGEST]
