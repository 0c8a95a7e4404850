"""Strong entity tags of compressed answers differ by coding, and are known again when they come back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.anyio

CODINGS = ("gzip", "br", "zstd", "identity")


async def _created(client: httpx.AsyncClient) -> str:
    body: dict[str, Any] = {"amount": 1, "currency": "USD", "date": "2026-01-01", "description": "words " * 150}
    answer = await client.post("/api/v1/transactions", json=body)
    assert answer.status_code == 201, answer.text
    return f"/api/v1/transactions/{answer.json()['id']}"


async def test_a_strong_tag_for_each_coding(client: httpx.AsyncClient) -> None:
    path = await _created(client)
    tags = {}
    for coding in CODINGS:
        answer = await client.get(path, headers={"accept-encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
        tags[coding] = answer.headers["etag"]
        again = await client.get(path, headers={"accept-encoding": coding, "if-none-match": tags[coding]})
        assert (again.status_code, again.headers["etag"], again.content) == (304, tags[coding], b"")
    assert len(set(tags.values())) == len(CODINGS)
    assert not any(tag.startswith("W/") for tag in tags.values())


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_write_takes_the_tag_of_any_coding(client: httpx.AsyncClient, coding: str) -> None:
    path = await _created(client)
    tag = (await client.get(path, headers={"accept-encoding": coding})).headers["etag"]
    headers = {"if-match": tag}
    assert (await client.delete(path, headers=headers)).status_code in {200, 204}
    assert (await client.delete(path, headers=headers)).status_code in {404, 412}


@pytest.mark.parametrize("tag", ['W/"1-gzip"', '"nothing-gzip"', '"-gzip"'])
async def test_a_tag_that_was_never_given_matches_nothing(client: httpx.AsyncClient, tag: str) -> None:
    path = await _created(client)
    assert (await client.delete(path, headers={"if-match": tag})).status_code == 412
    assert (await client.get(path, headers={"if-none-match": tag})).status_code == 200
