"""The dialect of the three-tier workshop, at / and under /api: errors as {"message": ..., "error": ...}."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from starlette.responses import Response, StreamingResponse

from graphql_api.http import health
from graphql_api.http.body import FORM_TYPE, JSON_TYPE, is_json, media_type, parse_form, parse_json
from graphql_api.http.body import unsupported as unsupported_type
from graphql_api.http.json_text import json_text
from graphql_api.http.operation import (
    CHALLENGE,
    IDEMPOTENCY_KEY,
    LEDGER,
    REPLAYED,
    RETRY_AFTER,
    Answer,
    Fault,
    Malformed,
    Operation,
    access_of,
    checked,
    json_answer,
    replayed,
    single_values,
)
from graphql_api.http.resource import Dialect
from graphql_api.transactions import workshop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Mapping

    from starlette.requests import Request

    from graphql_api.ledgers.errors import Refused
    from graphql_api.transactions.model import Transaction

PREFIXES = ("", "/api")

ADDED = "added transaction successfully"


@dataclass(frozen=True, slots=True)
class WorkshopFailure:
    """What did not work, and why."""

    message: str
    error: str


@dataclass(frozen=True, slots=True)
class HealthDocument:
    """Health in the format of draft-inadarei-api-health-check."""

    status: Literal["pass", "warn", "fail"]
    version: str
    checks: dict[str, Any]


class _Workshop(Dialect):
    invalid_status = 400

    def error(
        self, operation: Operation | None, status: int, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        return json_answer(
            WorkshopFailure(operation.failed if operation else "the request failed", detail), status, headers
        )

    def refused(self, operation: Operation, status: int, refusal: Refused) -> Response:
        return self.error(operation, status, str(refusal))

    def invalid(self, operation: Operation, error: Malformed) -> Response:
        told = [f"{'.'.join(map(str, fault.loc[1:])) or fault.loc[0]}: {fault.message}" for fault in error.faults]
        return self.error(operation, self.invalid_status, "; ".join(told))


DIALECT = _Workshop()


async def _add(request: Request) -> Response:
    access = access_of(request)
    new = checked(workshop.NewEntry, "body", await _read_either(request))
    outcome = await workshop.add_entry(access, new)
    return json_answer(workshop.Message(ADDED), headers=replayed(yes=outcome.replayed))


async def _list(request: Request) -> Response:
    pages = workshop.all_entries(access_of(request))
    first = await anext(pages)  # before the answer begins, so that what fails can still be told
    if len(first) < workshop.PAGE:
        await pages.aclose()
        return json_answer(workshop.EntryList([workshop.listed(one) for one in first]))
    return StreamingResponse(_streamed(first, pages), media_type=JSON_TYPE)


async def _streamed(first: list[Transaction], pages: AsyncGenerator[list[Transaction]]) -> AsyncIterator[str]:
    yield '{"result":[' + _joined(first)
    async for page in pages:
        if page:
            yield "," + _joined(page)
    yield "]}"


def _joined(page: list[Transaction]) -> str:
    return ",".join([json_text(workshop.listed(one)) for one in page])


async def _delete_all(request: Request) -> Response:
    access = access_of(request)
    if await _named_ids(request):
        raise Malformed([Fault(("query", "id"), "one transaction is deleted at /transaction/id, this is all", "extra")])
    outcome = await workshop.delete_all_entries(access)
    return json_answer(
        workshop.Message(f"deleted {outcome.count} transactions"), headers=replayed(yes=outcome.replayed)
    )


async def _read_named(request: Request) -> Response:
    access = access_of(request)
    return json_answer(await workshop.read_entry(access, await _named_id(request)))


async def _read_numbered(request: Request) -> Response:
    wanted = checked(workshop.EntryId, "path", request.path_params)
    return json_answer(await workshop.read_entry(access_of(request), wanted.id))


async def _delete_named(request: Request) -> Response:
    return await _delete(request, await _named_id(request))


async def _delete_numbered(request: Request) -> Response:
    return await _delete(request, checked(workshop.EntryId, "path", request.path_params).id)


async def _delete(request: Request, entity_id: int) -> Response:
    outcome = await workshop.delete_entry(access_of(request), entity_id)
    answer = workshop.Message(f"transaction with id {entity_id} deleted")
    return json_answer(answer, headers=replayed(yes=outcome.replayed))


async def _named_id(request: Request) -> int:
    given = await _named_ids(request)
    if not given:
        raise Malformed([Fault(("query", "id"), 'give it as ?id=1 or in a JSON body as {"id": 1}', "missing")])
    if len(set(given)) > 1:
        raise Malformed([Fault(("query", "id"), "the address and the body name different ones", "conflict")])
    return given[0]


async def _named_ids(request: Request) -> list[int]:
    """The ids that the address and the body name; both may be silent."""
    found: list[int] = []
    query = single_values(request.query_params)
    if "id" in query:
        found.append(checked(workshop.EntryId, "query", query).id)
    body = await request.body()
    if body.strip():
        content = _parsed(request, body)
        if not isinstance(content, dict) or "id" in content:
            found.append(checked(workshop.EntryId, "body", content).id)
    return found


async def _read_either(request: Request) -> Any:
    return _parsed(request, await request.body())


def _parsed(request: Request, body: bytes) -> Any:
    kind = media_type(request)
    if is_json(kind):
        return parse_json(body)
    if kind == FORM_TYPE:
        return parse_form(body)
    raise unsupported_type(kind, JSON_TYPE, FORM_TYPE)


_ALWAYS = {
    401: Answer("It is not known who asks: no token was sent, or none that is good.", WorkshopFailure, (CHALLENGE,)),
    403: Answer("The token is not for that.", WorkshopFailure),
    429: Answer("It costs more than is left of the principal's budget.", WorkshopFailure, (RETRY_AFTER,)),
    503: Answer(
        "The database or the issuer of tokens does not answer: try again later.", WorkshopFailure, (RETRY_AFTER,)
    ),
    504: Answer("It took longer than the server allows; a write may stand or not.", WorkshopFailure),
}
_NO_LEDGER = {404: Answer("There is no such ledger.", WorkshopFailure)}
_NONE = {404: Answer("There is no such transaction, or no such ledger.", WorkshopFailure)}
_BAD = {400: Answer("The input is refused: why.", WorkshopFailure)}
_BODY_ANSWERS = {
    413: Answer("The body is too long.", WorkshopFailure),
    415: Answer("The body is neither JSON nor a form.", WorkshopFailure),
}
_BY_ID = 'The id may also stand in a JSON body, {"id": 1}, as the workshop\'s own server takes it.'

HEALTH = Operation(
    method="GET",
    path="/health",
    id="workshopHealth",
    summary="A greeting, or how the service is",
    description="The greeting, unless the client accepts application/health+json.",
    handle=health.health,
    is_open=True,
    answers={
        200: Answer(
            "The service answers.", Literal["This is the health check"], others={health.HEALTH_JSON: HealthDocument}
        ),
        503: Answer("The database does not answer.", others={health.HEALTH_JSON: HealthDocument}),
    },
    failed="could not tell how the service is",
)
"""Described here, and mounted with the other routes of health."""

OPERATIONS = (
    Operation(
        method="POST",
        path="/transaction",
        cost=10,
        id="workshopAddTransaction",
        summary="Add a transaction of today, in the ledger's currency",
        handle=_add,
        body=workshop.NewEntry,
        body_types=(JSON_TYPE, FORM_TYPE),
        headers=(LEDGER, IDEMPOTENCY_KEY),
        answers={
            200: Answer("It is added.", workshop.Message, (REPLAYED,)),
            **_BAD,
            **_NO_LEDGER,
            **_BODY_ANSWERS,
            **_ALWAYS,
        },
        failed="could not add the transaction",
    ),
    Operation(
        method="GET",
        path="/transaction",
        cost=1000,
        id="workshopListTransactions",
        summary="All transactions of the ledger",
        description="In the order they were added, without pages; all of one version of the ledger.",
        handle=_list,
        headers=(LEDGER,),
        answers={200: Answer("All of them.", workshop.EntryList), **_BAD, **_NO_LEDGER, **_ALWAYS},
        failed="could not get all transactions",
    ),
    Operation(
        method="DELETE",
        path="/transaction",
        cost=100,
        id="workshopDeleteTransactions",
        summary="Delete all transactions of the ledger",
        description="They stay in the ledger's history, from which GraphQL can restore them.",
        handle=_delete_all,
        headers=(LEDGER, IDEMPOTENCY_KEY),
        answers={
            200: Answer("All are deleted.", workshop.Message, (REPLAYED,)),
            **_BAD,
            **_NO_LEDGER,
            **_BODY_ANSWERS,
            **_ALWAYS,
        },
        failed="could not delete the transactions",
    ),
    Operation(
        method="GET",
        path="/transaction/id",
        cost=1,
        id="workshopGetTransaction",
        summary="One transaction",
        description=_BY_ID,
        handle=_read_named,
        query=workshop.EntryId,
        headers=(LEDGER,),
        answers={
            200: Answer("The transaction.", workshop.Entry),
            **_BAD,
            **_NONE,
            **_BODY_ANSWERS,
            **_ALWAYS,
        },
        failed="could not get the transaction",
    ),
    Operation(
        method="DELETE",
        path="/transaction/id",
        cost=10,
        id="workshopDeleteTransaction",
        summary="Delete one transaction",
        description=_BY_ID,
        handle=_delete_named,
        query=workshop.EntryId,
        headers=(LEDGER, IDEMPOTENCY_KEY),
        answers={
            200: Answer("It is deleted.", workshop.Message, (REPLAYED,)),
            **_BAD,
            **_NONE,
            **_BODY_ANSWERS,
            **_ALWAYS,
        },
        failed="could not delete the transaction",
    ),
    Operation(
        method="GET",
        path="/transaction/{id}",
        cost=1,
        id="workshopGetTransactionByNumber",
        summary="One transaction",
        handle=_read_numbered,
        path_parameters=workshop.EntryId,
        headers=(LEDGER,),
        answers={
            200: Answer("The transaction.", workshop.Entry),
            **_BAD,
            **_NONE,
            **_ALWAYS,
        },
        failed="could not get the transaction",
    ),
    Operation(
        method="DELETE",
        path="/transaction/{id}",
        cost=10,
        id="workshopDeleteTransactionByNumber",
        summary="Delete one transaction",
        handle=_delete_numbered,
        path_parameters=workshop.EntryId,
        headers=(LEDGER, IDEMPOTENCY_KEY),
        answers={
            200: Answer("It is deleted.", workshop.Message, (REPLAYED,)),
            **_BAD,
            **_NONE,
            **_ALWAYS,
        },
        failed="could not delete the transaction",
    ),
)
