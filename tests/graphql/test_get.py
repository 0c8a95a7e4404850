"""What is got by GET: compressed as the client likes, and with an entity tag."""

import gzip
from typing import Any

import brotli
import httpx
import pytest
import zstandard

from tests.graphql.api import Api

pytestmark = pytest.mark.anyio

QUERY = (
    "query($ledger: ID!) { ledger(id: $ledger) { id name version transactions(first: 50) { nodes { id merchant } } } }"
)


def parameters(api: Api, query: str = QUERY) -> dict[str, str]:
    return {"query": query, "variables": f'{{"ledger": "{api.ledger}"}}'}


async def raw(http: httpx.AsyncClient, path: str, coding: str, **others: Any) -> tuple[httpx.Response, bytes]:
    """An answer and the bytes of its body as they were sent."""
    async with http.stream("GET", path, headers={"accept-encoding": coding}, **others) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, br;q=0", "gzip"),
        ("identity", None),
    ],
)
async def test_answers_are_compressed_as_the_client_likes(api: Api, accepted: str, coding: str | None) -> None:
    for _ in range(20):
        await api.created(merchant="The same bakery each morning")
    plain, expected = await raw(api.http, "/graphql", "identity", params=parameters(api))
    answer, body = await raw(api.http, "/graphql", accepted, params=parameters(api))
    decode = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
        None: bytes,
    }[coding]
    assert answer.headers.get("content-encoding") == coding
    assert decode(body) == expected
    assert (len(body) < len(expected) / 2) is (coding is not None)
    assert answer.headers["etag"] == plain.headers["etag"]  # weak: it stands for every encoding
    if coding is not None:
        assert {"accept", "accept-encoding"} <= {name.strip().lower() for name in answer.headers["vary"].split(",")}


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/openapi.json"])
async def test_other_answers_too(http: httpx.AsyncClient, path: str) -> None:
    answer, body = await raw(http, path, "gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body)


async def test_a_small_answer_is_left_as_it_is(api: Api) -> None:
    answer, _ = await raw(api.http, "/graphql", "gzip", params=parameters(api, "{ __typename }"))
    assert "content-encoding" not in answer.headers


async def test_what_the_client_has_is_not_sent_again_until_it_changes(api: Api) -> None:
    first = await api.http.get("/graphql", params=parameters(api))
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    for condition in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await api.http.get("/graphql", params=parameters(api), headers={"if-none-match": condition})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache"
    await api.created()
    changed = await api.http.get("/graphql", params=parameters(api), headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
    assert len(changed.json()["data"]["ledger"]["transactions"]["nodes"]) == 1


async def test_only_what_was_got_by_get_has_a_tag(api: Api) -> None:
    posted = await api.http.post("/graphql", json={"query": "{ __typename }"}, headers={"if-none-match": "*"})
    assert (posted.status_code, posted.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in posted.headers
    wrong = await api.http.get(
        "/graphql", params={"query": "{"}, headers={"accept": "application/graphql-response+json"}
    )
    assert (wrong.status_code, "etag" in wrong.headers) == (400, False)
