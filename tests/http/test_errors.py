"""Errors at the one edge: problem details."""

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from graphql_api.ledgers.errors import Code, OutcomeUnknown, Problem, Refused, Unavailable
from tests.http.conftest import Opened

pytestmark = pytest.mark.anyio


def raising(error: Exception) -> Route:
    async def fail(_: Request) -> Response:
        raise error

    return Route("/fail", fail)


async def test_an_unknown_path_is_a_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/no/such/path")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this path.",
    }


async def test_a_wrong_method_is_a_405_that_allows_all_methods_of_the_path(opened: Opened) -> None:
    async def endpoint(_: Request) -> Response:
        return Response()

    inner = [Route("/x/{n:int}", endpoint, methods=["GET"]), Route("/x/{n:int}", endpoint, methods=["DELETE", "POST"])]
    async with opened(*inner, Mount("/deep", routes=inner)) as client:
        for path in ("/x/1", "/deep/x/1"):
            answer = await client.patch(path)
            assert answer.status_code == 405, path
            assert answer.headers["allow"] == "DELETE, GET, HEAD, POST"
            assert answer.json()["detail"] == "The path takes DELETE, GET, HEAD, POST."


async def test_a_refusal_is_a_400_with_every_problem(opened: Opened) -> None:
    problems = [
        Problem(Code.REQUIRED, "A name is needed.", ("name",)),
        Problem(Code.TOO_LONG, "Too long.", ("tags", 3)),
    ]
    async with opened(raising(Refused(problems))) as client:
        answer = await client.get("/fail")
    assert answer.status_code == 400
    assert answer.json()["problems"] == [
        {"code": "REQUIRED", "message": "A name is needed.", "path": ["name"]},
        {"code": "TOO_LONG", "message": "Too long.", "path": ["tags", 3]},
    ]


async def test_an_outage_is_a_503_that_says_when_to_come_back(opened: Opened) -> None:
    async with opened(raising(Unavailable("Busy.", retry_after=7))) as client:
        answer = await client.get("/fail")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert answer.json()["detail"] == "Busy."
    assert "outcome" not in answer.json()


async def test_an_unknown_outcome_is_told_as_one(opened: Opened) -> None:
    async with opened(raising(OutcomeUnknown("Look first."))) as client:
        answer = await client.get("/fail")
    assert (answer.status_code, answer.json()["outcome"]) == (503, "unknown")


async def test_an_http_exception_keeps_its_detail_and_headers(opened: Opened) -> None:
    async with opened(raising(HTTPException(409, "Twice.", {"X-Why": "so"}))) as client:
        answer = await client.get("/fail")
    assert (answer.status_code, answer.headers["x-why"], answer.json()["detail"]) == (409, "so", "Twice.")
