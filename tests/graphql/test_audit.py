"""What graphql-cop and its like look for: each of its checks, by our own code, as the service is set by default.

By default the schema can be asked for and the playground is served, because the schema is public. Where it is not to be
told, EXPENSE_INTROSPECTION=false and EXPENSE_PLAYGROUND=false take both away, and the names that errors suggest too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from graphql_api.app import create_app
from tests.graphql.conftest import migrated, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

ANY = {"accept": "*/*"}
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-site": "none"}


@pytest.fixture
async def client(http: httpx.AsyncClient) -> httpx.AsyncClient:
    return http


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """As a service is set whose schema is nobody's business."""
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3", introspection=False, playground=False)
    async with serving(settings) as found:
        yield found
    # the switch for suggestions is the process's: the default is set again
    create_app(settings.model_copy(update={"introspection": True}))


async def post(client: httpx.AsyncClient, query: str, **others: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await client.post("/graphql", json={"query": query, **others}, headers=ANY)).json()
    return found


def limits(found: dict[str, Any]) -> set[str]:
    return {error["extensions"].get("limit") for error in found["errors"]}


async def test_a_field_many_times(client: httpx.AsyncClient) -> None:
    found = await post(client, "query { " + "__typename " * 500 + "}")
    assert "data" not in found
    assert "aliases" in limits(found)


async def test_a_field_under_many_aliases(client: httpx.AsyncClient) -> None:
    found = await post(client, "query { " + " ".join(f"alias{index}: __typename" for index in range(101)) + " }")
    assert "data" not in found
    assert "aliases" in limits(found)


async def test_a_directive_many_times(client: httpx.AsyncClient) -> None:
    found = await post(client, "query { __typename " + "@skip(if: false)" * 51 + " }")
    assert "data" not in found
    assert "directives" in limits(found)
    unknown = await post(client, "query { __typename " + "@aa" * 10 + " }")
    assert "data" not in unknown
    assert len(unknown["errors"]) < 10


async def test_a_batch(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json=[{"query": "{ __typename }"}] * 10)
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 1


async def test_the_schema_in_circles(client: httpx.AsyncClient) -> None:
    circle = "fields { type { " * 8 + "name" + " } }" * 8
    found = await post(client, f"query {{ __schema {{ types {{ {circle} }} }} }}")
    assert "data" not in found
    assert "errors" in found


@pytest.mark.parametrize(
    "query", ["mutation { __typename }", 'mutation { createTag(input: {name: "x"}) { replayed } }']
)
async def test_a_mutation_by_get(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get("/graphql", params={"query": query})).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (ANY, 400),
        ({"accept": "image/avif,image/webp,*/*;q=0.8"}, 400),
        ({"accept": "image/avif"}, 406),
        ({"accept": "text/html,*/*;q=0.8"}, 400),
        ({"accept": "application/json"}, 200),
        ({"accept": "application/graphql-response+json"}, 200),
        ({**ANY, "sec-fetch-site": "same-origin"}, 200),
        ({**BROWSER}, 200),
        ({"accept": "application/json", "sec-fetch-site": "cross-site"}, 403),
        ({"accept": "application/json", "sec-fetch-site": "same-site"}, 403),
        ({"accept": "application/json", "origin": "https://evil.example"}, 403),
        ({"accept": "application/json", "origin": "http://127.0.0.1"}, 200),
    ],
)
async def test_a_query_by_get_from_a_page_of_another_site(
    client: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await client.get("/graphql", params={"query": "{ __typename }"}, headers=headers)
    assert answer.status_code == status, answer.text


async def test_an_origin_that_may_call_may_get(tmp_path: Path) -> None:
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/l.sqlite3", cors_origins=["https://app.example"])
    async with serving(settings) as client:
        headers = {"origin": "https://app.example", "sec-fetch-site": "cross-site"}
        answer = await client.get("/graphql", params={"query": "{ __typename }"}, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://app.example"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=b"])
async def test_a_form_by_post(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.post("/graphql", content="query=%7B__typename%7D", headers={"content-type": kind})
    assert answer.status_code == 415
    assert "data" not in answer.json()


async def test_no_trace_and_no_exception_are_shown(client: httpx.AsyncClient) -> None:
    for query in ("{ __typename }", "qwerty cop { abc }", '{ node(id: "x") { id } }'):
        found = await post(client, query)
        text = json.dumps(found).lower()
        assert not {"tracing", "exception", "stacktrace", "traceback"} & set(text.replace('"', " ").split())


async def test_the_schema_and_the_playground_are_there_by_default(client: httpx.AsyncClient) -> None:
    assert (await post(client, "{ __schema { queryType { name } } }"))["data"]["__schema"]["queryType"]
    assert "Did you mean" in json.dumps(await post(client, "{ ledgr { name } }"))
    assert "<html" in (await client.get("/graphql", headers=BROWSER)).text


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ __schema { types { name } } }", {}),
        ('{ __type(name: "Query") { name } }', {}),
        ("{ __schema { directive } }", {}),
        ("{ ledgr { name } }", {}),
        ("{ ledger(ide: 1) { name } }", {}),
        ("{ ledger { transactions(orderBy: [{by: AMOUN}]) { nodes { id } } } }", {}),
        ("query($f: TransactionFilte) { __typename }", {}),
        ("query($f: TransactionFilter) { ledger { transactions(filter: $f) { nodes { id } } } }", {"f": {"txt": "a"}}),
        (
            "query($o: [TransactionOrder!]) { ledger { transactions(orderBy: $o) { nodes { id } } } }",
            {"o": [{"by": "DAT"}]},
        ),
    ],
)
async def test_a_schema_that_is_not_to_be_told_is_not_told_by_errors(
    quiet: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    found = await post(quiet, query, variables=variables)
    assert "data" not in found
    assert "Did you mean" not in json.dumps(found)


async def test_the_quiet_service_has_no_pages(quiet: httpx.AsyncClient) -> None:
    assert "<html" not in (await quiet.get("/graphql", headers=BROWSER)).text
    assert (await quiet.get("/docs")).status_code == 404
    assert (await post(quiet, "{ ledger { name } }"))["data"]["ledger"]["name"]
