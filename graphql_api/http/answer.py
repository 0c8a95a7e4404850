"""An operation's answer: its body, the HTTP response around it, and the entity tag of what was got by GET."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from graphql_api.http.entity_tag import is_known, weak
from graphql_api.http.running import to_json
from graphql_api.ledgers.ids import GlobalId
from graphql_api.telemetry.operations import failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from graphql_api.cache.answers import Made
    from graphql_api.http.graphql_errors import GraphQLRequestError
    from graphql_api.http.running import Priced, Trouble

RESPONSE_TYPE = "application/graphql-response+json"

_ASK_AGAIN = "private, no-cache"
_TAG_BYTES = 16


def body_of(made: Made, priced: Priced | None) -> bytes:
    """The JSON object that the GraphQL specification calls the response."""
    trouble: Trouble | None = made.trouble
    parts: list[bytes] = []
    if trouble is not None:
        parts.append(b'"errors":' + to_json(trouble.errors))
    if made.data is not None or trouble is None or trouble.began:
        parts.append(b'"data":' + (made.data or b"null"))
    extensions: dict[str, Any] = {}
    if made.data is not None:
        extensions = _ledgers_told(made.versions)
        if priced is not None:
            extensions["cost"] = {"requested": priced.cost, "actual": made.cost}
    if extensions:
        parts.append(b'"extensions":' + to_json(extensions))
    return b"{" + b",".join(parts) + b"}"


def made_answer(made: Made, media: str, priced: Priced | None) -> Response:
    """The response to an operation that was run, or tried."""
    trouble: Trouble | None = made.trouble
    never_ran = trouble is not None and not trouble.began
    retry = None if trouble is None or made.data is not None else trouble.retry_after
    return response(body_of(made, priced), media, never_ran=never_ran, retry=retry)


def response(content: bytes, media: str, *, never_ran: bool, retry: int | None = None) -> Response:
    """A response; `retry` is the seconds to wait for a dependency that did not answer."""
    status = 400 if never_ran and media == RESPONSE_TYPE else 200
    headers = {}
    if retry is not None:
        status, headers = 503, {"Retry-After": str(retry)}
    return Response(content, status, headers, f"{media}; charset=utf-8")


def refusal(error: GraphQLRequestError, media: str) -> Response:
    """The response to a request that is not run."""
    content = to_json({"errors": [refusal_entry(error)]})
    allow = {"Allow": "POST"} if error.status == 405 else {}  # noqa: PLR2004  HTTP's own number
    return Response(content, error.status, {**allow, **error.headers}, f"{media}; charset=utf-8")


def refusal_entry(error: GraphQLRequestError) -> dict[str, Any]:
    """The entry of `errors`."""
    failed(error.code)
    return {"message": error.message, "extensions": {"code": error.code, **error.extensions}}


def tagged(answer: Response, request: Request) -> Response:
    """The answer to a GET with its entity tag, or 304 if the client has it; whoever keeps it must ask again.

    The tag is weak, because the same answer is sent in several encodings.
    """
    if answer.status_code != 200:  # noqa: PLR2004  HTTP's own number
        return answer
    tag = hashlib.blake2b(bytes(answer.body), digest_size=_TAG_BYTES).hexdigest()
    answer.headers.update({"ETag": weak(tag), "Cache-Control": _ASK_AGAIN, "Vary": "Accept"})
    if not is_known(",".join(request.headers.getlist("if-none-match")), tag):
        return answer
    kept = {name: text for name, text in answer.headers.items() if name not in {"content-type", "content-length"}}
    return Response(None, 304, kept)


def _ledgers_told(versions: Mapping[int, int]) -> dict[str, Any]:
    """Which version of which ledger the answer is of."""
    told = [{"id": str(GlobalId("Ledger", ledger_id)), "version": version} for ledger_id, version in versions.items()]
    if not told:
        return {}
    return {"ledger": told[0]} if len(told) == 1 else {"ledger": told[0], "ledgers": told}
