"""The v1 dialect under /api/v1: errors as {"detail": ...}, with where and why when an input is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  pydantic reads the annotation
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from graphql_api.http.body import read_json
from graphql_api.http.entity_tag import etag, is_known, version_to_match
from graphql_api.http.operation import (
    CHALLENGE,
    IDEMPOTENCY_KEY,
    LEDGER,
    REPLAYED,
    RETRY_AFTER,
    Answer,
    Header,
    Link,
    Malformed,
    Operation,
    access_of,
    checked,
    json_answer,
    replayed,
    single_values,
)
from graphql_api.http.resource import Dialect
from graphql_api.transactions import rest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from graphql_api.ledgers.errors import Problem, Refused

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is: degraded when something that it depends on is down. Redis is off when none is configured."""

    status: Literal["ok", "degraded"]
    timestamp: datetime
    database: Literal["up", "down"]
    redis: Literal["up", "down", "off"]


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in words."""

    detail: str


@dataclass(frozen=True, slots=True)
class Invalid:
    """One thing that is wrong with the input: where (`loc`), in words (`msg`), by which rule (`type`)."""

    loc: list[str | int]
    msg: str
    type: str


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """Everything that is wrong with the input."""

    detail: Annotated[list[Invalid], Field(min_length=1)]


class TransactionPath(BaseModel):
    """Which transaction."""

    id: int = Field(description="The transaction's number.", examples=[1])


class _V1(Dialect):
    invalid_status = 422

    def error(
        self, operation: Operation | None, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        del operation
        return json_answer(Failure(detail), status, headers)

    def refused(self, operation: Operation, status: int, refusal: Refused) -> Response:
        if status == self.invalid_status:
            return json_answer(InvalidInput([_invalid(problem) for problem in refusal.problems]), status)
        return self.error(operation, status, str(refusal))

    def invalid(self, operation: Operation, error: Malformed) -> Response:
        del operation
        shown = [Invalid(list(fault.loc), fault.message, fault.rule) for fault in error.faults]
        return json_answer(InvalidInput(shown), self.invalid_status)


DIALECT = _V1()

_HEADERS = {"ledgerId": LEDGER.name, "idempotencyKey": IDEMPOTENCY_KEY.name, "ifVersion": "If-Match"}


def _invalid(problem: Problem) -> Invalid:
    name, *_ = problem.path or ("",)
    if name in _HEADERS:
        loc: list[str | int] = ["header", _HEADERS[str(name)]]
    else:
        # this dialect has amount and currency side by side
        field = "currency" if problem.path == ("amount", "currency") else name
        loc = ["body", field] if field else ["body"]
    return Invalid(loc, problem.message, problem.code.name.lower())


async def _health(request: Request) -> Response:
    return json_answer((await request.state.health.report()).to_json())


async def _list(request: Request) -> Response:
    query = checked(rest.PageQuery, "query", single_values(request.query_params))
    return json_answer(await rest.list_transactions(access_of(request), query))


async def _create(request: Request) -> Response:
    new = checked(rest.NewTransaction, "body", await read_json(request))
    written = await rest.create_transaction(access_of(request), new)
    made = written.transaction
    headers = {
        "Location": f"{request.scope.get('root_path', '')}{PREFIX}/transactions/{made.id}",
        "ETag": etag(made.version),
        **replayed(yes=written.replayed),
    }
    return json_answer(rest.view(made), 201, headers)


async def _read(request: Request) -> Response:
    found = await access_of(request).transaction(_path_id(request))
    headers = {"ETag": etag(found.version)}
    condition = request.headers.get("if-none-match")
    if condition is not None and is_known(condition, found.version):
        return Response(status_code=304, headers=headers)
    return json_answer(rest.view(found), 200, headers)


async def _delete(request: Request) -> Response:
    access, entity_id = access_of(request), _path_id(request)
    version = version_to_match(request.headers.get("if-match"))
    outcome = await rest.delete_transaction(access, entity_id, version)
    return Response(status_code=204, headers=replayed(yes=outcome.replayed))


def _path_id(request: Request) -> int:
    return checked(TransactionPath, "path", request.path_params).id


_ID_ANSWERS = {404: Answer("There is no such transaction, or no such ledger.", Failure)}
_INVALID = {422: Answer("The input is refused: where and why.", InvalidInput)}
_BODY_ANSWERS = {
    400: Answer("The body is not JSON.", Failure),
    413: Answer("The body is too long.", Failure),
    415: Answer("The body is of another type than JSON.", Failure),
}
_BY_ID = {"path.id": "$response.body#/id"}
_ALWAYS = {
    401: Answer("It is not known who asks: no token was sent, or none that is good.", Failure, (CHALLENGE,)),
    403: Answer("The token is not for that.", Failure),
    429: Answer("It costs more than is left of the principal's budget.", Failure, (RETRY_AFTER,)),
    503: Answer("The database or the issuer of tokens does not answer: try again later.", Failure, (RETRY_AFTER,)),
    504: Answer("It took longer than the server allows; a write may stand or not.", Failure),
}
_ETAG = Header("ETag", "The version of the transaction, for If-Match and If-None-Match.")
_IF_MATCH = Header(
    "If-Match",
    "Do it only if the transaction still has this entity tag.",
    {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*")$'},
)
_IF_NONE_MATCH = Header("If-None-Match", "Answer only if the transaction has another entity tag by now.")

OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/health",
        id="health",
        summary="How the service is",
        handle=_health,
        is_open=True,
        answers={200: Answer("The state of the service and of what it depends on.", Health)},
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/transactions",
        cost=100,
        id="listTransactions",
        summary="A part of the list, newest first",
        description="By date, newest first, then by id, newest first. `total` counts the whole list.",
        handle=_list,
        query=rest.PageQuery,
        headers=(LEDGER,),
        answers={
            200: Answer("The part of the list.", rest.TransactionPage),
            404: Answer("There is no such ledger.", Failure),
            **_INVALID,
            **_ALWAYS,
        },
    ),
    Operation(
        method="POST",
        path=f"{PREFIX}/transactions",
        cost=10,
        id="createTransaction",
        summary="Add a transaction",
        handle=_create,
        body=rest.NewTransaction,
        headers=(LEDGER, IDEMPOTENCY_KEY),
        answers={
            201: Answer(
                "The transaction as it is kept.",
                rest.TransactionView,
                (Header("Location", "Where it is."), _ETAG, REPLAYED),
                (Link("getTransaction", _BY_ID), Link("deleteTransaction", _BY_ID)),
            ),
            404: Answer("There is no such ledger.", Failure),
            **_BODY_ANSWERS,
            **_INVALID,
            **_ALWAYS,
        },
    ),
    Operation(
        method="GET",
        path=f"{PREFIX}/transactions/{{id}}",
        cost=1,
        id="getTransaction",
        summary="One transaction",
        handle=_read,
        path_parameters=TransactionPath,
        headers=(LEDGER, _IF_NONE_MATCH),
        answers={
            200: Answer("The transaction.", rest.TransactionView, (_ETAG,)),
            304: Answer("It still has the entity tag.", None, (_ETAG,)),
            **_ID_ANSWERS,
            **_INVALID,
            **_ALWAYS,
        },
    ),
    Operation(
        method="DELETE",
        path=f"{PREFIX}/transactions/{{id}}",
        cost=10,
        id="deleteTransaction",
        summary="Delete a transaction",
        description="It stays in the ledger's history, from which GraphQL can restore it.",
        handle=_delete,
        path_parameters=TransactionPath,
        headers=(LEDGER, IDEMPOTENCY_KEY, _IF_MATCH),
        answers={
            204: Answer("It is deleted.", None, (REPLAYED,)),
            412: Answer("It was changed since the entity tag.", Failure),
            **_ID_ANSWERS,
            **_INVALID,
            **_ALWAYS,
        },
    ),
)
