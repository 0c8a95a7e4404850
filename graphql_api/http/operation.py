"""What one REST operation is: the same declaration mounts its route and describes it in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from graphql_api.database.tables import IDEMPOTENCY_KEY_LENGTH
from graphql_api.http.json_text import json_text
from graphql_api.http.principal import principal_of
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import LARGEST, parse_ledger_id
from graphql_api.ledgers.principal import own_ledger
from graphql_api.transactions.access import Access

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams
    from starlette.requests import Request

M = TypeVar("M", bound=BaseModel)
Handler = Callable[["Request"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing about an input that is not of the declared shape: where, in words, by which rule."""

    loc: tuple[str | int, ...]
    message: str
    rule: str


class Malformed(Exception):
    """An input is not of the declared shape."""

    def __init__(self, faults: list[Fault]) -> None:
        """Take everything that was found, at least one."""
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))


@dataclass(frozen=True, slots=True)
class Header:
    """A header that a request may carry, or that an answer carries."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


LEDGER = Header(
    "X-Ledger-Id",
    "The ledger, by its number or its GraphQL id; the first one if left out.",
    {"type": "string", "pattern": "^([0-9]+|[A-Za-z0-9_-]{8,120})$", "examples": ["1"]},
)
IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "A text of the client's own. The same request with the same key is done once, and answered the same again.",
    {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_LENGTH},
)
REPLAYED = Header(
    "Idempotent-Replayed", "The answer was given before, to the same key.", {"type": "string", "const": "true"}
)
CHALLENGE = Header("WWW-Authenticate", "How to authenticate, and what was wrong with what was sent (RFC 6750).")
RETRY_AFTER = Header("Retry-After", "Seconds to wait before the next attempt.", {"type": "integer"})


@dataclass(frozen=True, slots=True)
class Link:
    """What can be done next: the operation of that id, with parameters found by OpenAPI's runtime expressions."""

    operation: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of an operation: `shape` is the type of its JSON, None for no content; `others` by media type."""

    description: str
    shape: Any = None
    headers: tuple[Header, ...] = ()
    links: tuple[Link, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def contents(self) -> dict[str, Any]:
        """The shape of each media type."""
        return ({} if self.shape is None else {"application/json": self.shape}) | dict(self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of a path.

    `failed` is what the workshop's dialect says in front of an error; `cost` is taken from the principal's budget;
    `is_open` says that whoever asks is answered, known or not.
    """

    method: str
    path: str
    id: str
    summary: str
    description: str = ""
    handle: Handler
    answers: Mapping[int, Answer]
    query: type[BaseModel] | None = None
    path_parameters: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_types: tuple[str, ...] = ("application/json",)
    headers: tuple[Header, ...] = ()
    failed: str = ""
    cost: int = 0
    is_open: bool = False


def checked(model: type[M], where: str, value: Any) -> M:
    """The value as the model. Raises `Malformed` with every fault, its place beginning with `where`."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise Malformed([Fault((where, *one["loc"]), one["msg"], one["type"]) for one in found]) from None


def single_values(query: QueryParams) -> dict[str, str]:
    """A query's values by name. Raises `Malformed` for a name that is there twice."""
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for name, value in query.multi_items():
        if name in values:
            faults.append(Fault(("query", name), "This parameter is given more than once", "duplicate"))
        values[name] = value
    if faults:
        raise Malformed(faults)
    return values


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A value as JSON, with exact numbers."""
    return Response(json_text(value), status, headers, "application/json")


def access_of(request: Request) -> Access:
    """The ledger that a request names, and who acts. Raises `Refused`."""
    principal = principal_of(request)
    text = request.headers.get(LEDGER.name)
    return Access(
        database=request.state.database,
        ledger_id=own_ledger(principal) if text is None else _ledger_id(text),
        subject=principal.subject,
        key=request.headers.get(IDEMPOTENCY_KEY.name),
    )


def _ledger_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        return parse_ledger_id(text, "ledgerId")
    longest = len(str(LARGEST))
    if len(text) > longest or int(text) > LARGEST:
        raise Refused.because(Code.NOT_FOUND, "There is no such ledger.", "ledgerId")
    return int(text)


def replayed(*, yes: bool) -> dict[str, str]:
    """The header of an answer that was stored with its idempotency key."""
    return {REPLAYED.name: "true"} if yes else {}
