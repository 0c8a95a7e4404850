"""GraphQL over HTTP: methods, media types, statuses and malformed requests."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.graphql.conftest import migrated, serving

pytestmark = pytest.mark.anyio

RESPONSE = "application/graphql-response+json"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """An application on SQLite with small limits."""
    settings = await migrated(
        f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3", max_query_tokens=200, max_query_depth=5, introspection=False
    )
    async with serving(settings) as client:
        yield client


async def test_get_runs_queries_only(door: httpx.AsyncClient) -> None:
    answer = await door.get(
        "/graphql", params={"query": "query($n: Boolean!) { __typename @include(if: $n) }", "variables": '{"n": true}'}
    )
    assert (answer.status_code, answer.json()["data"]) == (200, {"__typename": "Query"})
    mutation = 'mutation { createTag(input: {name: "x"}) { ledgerVersion } }'
    refused = await door.get("/graphql", params={"query": mutation})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert (await door.delete("/graphql")).status_code == 405


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, application/json;q=0.9", RESPONSE),
        (f"application/json, {RESPONSE};q=0.5", "application/json"),
    ],
)
async def test_the_media_type_is_the_one_asked_for(door: httpx.AsyncClient, accept: str, media: str) -> None:
    answer = await door.post("/graphql", json={"query": "{ __typename }"}, headers={"accept": accept})
    assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    assert answer.status_code == 200


async def test_a_media_type_that_is_not_offered(door: httpx.AsyncClient) -> None:
    answer = await door.post("/graphql", json={"query": "{ __typename }"}, headers={"accept": "text/csv"})
    assert answer.status_code == 406


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "query($x: Int!) { ledger(id: $x) { id } }", "{ a: __typename } { b: __typename }"]
)
async def test_statuses_of_documents_that_cannot_run(door: httpx.AsyncClient, query: str) -> None:
    old = await door.post("/graphql", json={"query": query}, headers={"accept": "application/json"})
    new = await door.post("/graphql", json={"query": query}, headers={"accept": RESPONSE})
    assert (old.status_code, new.status_code) == (200, 400)
    assert "data" not in new.json()
    assert new.json()["errors"][0]["extensions"]["code"].startswith(("GRAPHQL_", "BAD_"))


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"query": "{ __typename }"}', "text/plain", 415),
        (b'{"query": "{ __typename }"}', "application/json; charset=latin-1", 415),
        (b'{"query": "{ __typename }"', "application/json", 400),
        (b'{"query": "{ __typename }", "query": "{ ledger }"}', "application/json", 400),
        (b'{"query": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'[{"query": "{ __typename }"}]', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"query": ' + b"[" * 100 + b"]" * 100 + b"}", "application/json", 400),
        (b'{"query": 5}', "application/json", 400),
        (b'{"query": "{ __typename }", "variables": []}', "application/json", 400),
        (b'{"query": "{ __typename }", "operationName": 1}', "application/json", 400),
        (b'{"query": "{ __typename }", "extensions": "x"}', "application/json", 400),
        (b'{"query": "{ __typename }", "variables": {"x": NaN}}', "application/json", 400),
    ],
)
async def test_bodies_that_are_malformed(door: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer = await door.post("/graphql", content=content, headers={"content-type": kind})
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["message"]


async def test_limits_on_documents(door: httpx.AsyncClient) -> None:
    deep = "{ ledger { categories { nodes { children { nodes { name } } } } } }"
    error = (await door.post("/graphql", json={"query": deep})).json()["errors"][0]
    assert "6 fields deep; at most 5" in error["message"]
    spread = "{ ledger { ...a } } fragment a on Ledger { categories { nodes { ...b } } } fragment b on Category { parent { parent { name } } }"
    assert "fields deep" in (await door.post("/graphql", json={"query": spread})).text
    long = "{" + " ".join(f"a{number}: __typename" for number in range(100)) + "}"
    assert "tokens" in (await door.post("/graphql", json={"query": long})).json()["errors"][0]["message"]
    nested = "{ ledger { transactions(filter: " + "{and: [" * 60 + "]}" * 60 + ") { totalCount } } }"
    assert (await door.post("/graphql", json={"query": nested})).status_code == 200
    hidden = (await door.post("/graphql", json={"query": "{ __schema { types { name } } }"})).json()
    assert "introspection" in hidden["errors"][0]["message"].lower()


async def test_answers_are_utf_8_and_not_escaped(door: httpx.AsyncClient) -> None:
    query = 'mutation { updateLedger(input: {name: "Haushalt 🏠"}) { ledger { name } } }'
    answer = await door.post("/graphql", json={"query": query})
    assert "Haushalt 🏠".encode() in answer.content
    assert json.loads(answer.content)["data"]["updateLedger"]["ledger"]["name"] == "Haushalt 🏠"
