"""Automatic persisted queries and trusted documents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from graphql_api.cache.documents import LONGEST, MOST, SentDocuments
from graphql_api.cache.redis import open_redis
from graphql_api.http.persisted import ManifestError, read_manifest
from graphql_api.settings import Settings, SettingsError
from tests.graphql.conftest import migrated, serving
from tests.servers.ports import free_port

pytestmark = pytest.mark.anyio

QUERY = "query Mine { ledger { name } }"


def named(text: str, **others: Any) -> dict[str, Any]:
    """The parameters that name a document by its hash."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, **others}


def code(answer: httpx.Response) -> str:
    """The code of the only error."""
    (error,) = answer.json()["errors"]
    return str(error["extensions"]["code"])


async def settings(folder: Path, **others: Any) -> Settings:
    """Of an application on SQLite."""
    return await migrated(f"sqlite+aiosqlite:///{folder}/ledger.sqlite3", **others)


async def test_a_document_is_sent_once(tmp_path: Path) -> None:
    async with serving(await settings(tmp_path)) as client:
        unknown = await client.post("/graphql", json=named(QUERY))
        assert (unknown.status_code, code(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        assert "name" in (await client.post("/graphql", json=named(QUERY, query=QUERY))).json()["data"]["ledger"]
        assert "name" in (await client.post("/graphql", json=named(QUERY))).json()["data"]["ledger"]
        by_get = {"extensions": json.dumps(named(QUERY)["extensions"])}
        assert "name" in (await client.get("/graphql", params=by_get)).json()["data"]["ledger"]
        forged = await client.post("/graphql", json=named(QUERY, query="{ ledger { id } }"))
        assert (forged.status_code, code(forged)) == (400, "BAD_REQUEST")
        mutation = 'mutation { createTag(input: {name: "x"}) { ledgerVersion } }'
        await client.post("/graphql", json=named(mutation, query=mutation))
        refused = await client.get("/graphql", params={"extensions": json.dumps(named(mutation)["extensions"])})
        assert refused.status_code == 405


@pytest.mark.parametrize(
    "persisted", [1, [], {}, {"version": 1}, {"version": 2, "sha256Hash": "a"}, {"version": 1, "sha256Hash": 5}]
)
async def test_what_is_malformed(tmp_path: Path, persisted: Any) -> None:
    async with serving(await settings(tmp_path)) as client:
        answer = await client.post("/graphql", json={"extensions": {"persistedQuery": persisted}})
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_it_can_be_switched_off(tmp_path: Path) -> None:
    async with serving(await settings(tmp_path, persisted_queries=False)) as client:
        assert code(await client.post("/graphql", json=named(QUERY))) == "PERSISTED_QUERY_NOT_SUPPORTED"


@pytest.mark.parametrize("is_apollo", [True, False])
async def test_only_trusted_documents(tmp_path: Path, *, is_apollo: bool) -> None:
    manifest = tmp_path / "manifest.json"
    digest = hashlib.sha256(QUERY.encode()).hexdigest()
    operation = {"id": digest, "name": "Mine", "type": "query", "body": QUERY}
    apollo = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}
    manifest.write_text(json.dumps(apollo if is_apollo else {f"sha256:{digest}": QUERY}))
    only = await settings(tmp_path, trusted_documents=manifest, trusted_documents_only=True)
    async with serving(only) as client:
        for taken in (named(QUERY), {"query": QUERY}, {"documentId": digest}, {"documentId": f"sha256:{digest}"}):
            answer = await client.post("/graphql", json=taken)
            assert "name" in answer.json()["data"]["ledger"], answer.text
        assert (await client.get("/graphql", params={"documentId": f"sha256:{digest}"})).status_code == 200
        other = "{ __typename }"
        for refused in ({"query": other}, named(other), named(other, query=other), {}):
            answer = await client.post("/graphql", json=refused)
            assert (answer.status_code, code(answer)) == (403, "DOCUMENT_NOT_TRUSTED")
        assert code(await client.post("/graphql", json={"documentId": "sha256:none"})) == "DOCUMENT_NOT_FOUND"
        assert (await client.post("/graphql", json={"documentId": 5})).status_code == 400
        assert (await client.post("/graphql", json={"documentId": digest, "query": QUERY})).status_code == 400


@pytest.mark.parametrize(
    "content", ["", "[]", '{"a": 5}', '{"a": "{"}', '{"format": "apollo-persisted-query-manifest"}']
)
def test_a_manifest_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(ManifestError, match="EXPENSE_TRUSTED_DOCUMENTS"):
        read_manifest(path)
    with pytest.raises(ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "none.json")


def test_only_without_a_manifest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPENSE_TRUSTED_DOCUMENTS_ONLY", "true")
    with pytest.raises(SettingsError, match="EXPENSE_TRUSTED_DOCUMENTS"):
        Settings.load()


async def test_the_store_is_bounded() -> None:
    store = SentDocuments(None)
    for number in range(MOST + 1):
        await store.put(str(number), "text")
    assert (await store.get("0"), await store.get("1")) == (None, "text")
    await store.put("long", "x" * (LONGEST + 1))
    assert await store.get("long") is None


async def test_replicas_share_by_redis_and_do_without(redis_url: str) -> None:
    async with open_redis(SecretStr(redis_url)) as client:
        await SentDocuments(client).put("a" * 64, QUERY)
        assert await SentDocuments(client).get("a" * 64) == QUERY
    async with open_redis(SecretStr(f"redis://127.0.0.1:{free_port()}/0")) as lost:
        store = SentDocuments(lost)
        await store.put("a" * 64, QUERY)
        assert await store.get("a" * 64) == QUERY
        assert await store.get("b" * 64) is None
