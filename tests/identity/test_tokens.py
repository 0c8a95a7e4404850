"""Personal API tokens on every engine: made, shown once, looked up by each request, revoked at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import event, text

from graphql_api.app import open_database
from graphql_api.database import tokens as store
from graphql_api.identity import tokens
from graphql_api.identity.api_token import ApiToken
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused, Unauthenticated
from graphql_api.ledgers.principal import Principal, Scope
from tests.graphql.conftest import migrated, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.database.database import Database
    from graphql_api.settings import Settings

pytestmark = pytest.mark.anyio

ALICE = Principal("alice")
VIEWER = "{ viewer { subject scope tokens { id name prefix scope createdAt expiresAt revokedAt } } }"
CREATE = """mutation($name: String!, $scope: TokenScope!, $days: Int) {
  createToken(input: {name: $name, scope: $scope, days: $days}) {
    text token { id prefix scope expiresAt } userErrors { code path } } }"""
REVOKE = "mutation($id: ID!) { revokeToken(input: {id: $id}) { token { revokedAt } userErrors { code path } } }"


@pytest.fixture
async def settings(database_url: str) -> Settings:
    return await migrated(database_url, identity="tokens")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = open_database(settings)
    yield opened
    await opened.close()


async def make(database: Database, scope: Scope = Scope.ADMIN, owner: Principal = ALICE, days: int | None = 1) -> str:
    made, _ = await tokens.create(database.engines.write, owner, name="a test", scope=scope, days=days)
    return made.text


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "accept": "application/json"}


async def asked(client: httpx.AsyncClient, token: str, query: str, **variables: Any) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


async def test_only_the_hash_is_kept(database: Database) -> None:
    token = await make(database)
    async with database.engines.read.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM api_tokens"))).all()
    assert token not in str(row)
    assert token[13:] not in str(row)
    assert ApiToken(token).digest in row


async def test_the_token_says_who_it_is(settings: Settings, database: Database) -> None:
    token = await make(database, Scope.READ)
    async with serving(settings) as client:
        found = (await asked(client, token, VIEWER))["viewer"]
        assert (found["subject"], found["scope"]) == ("alice", "READ")
        (shown,) = found["tokens"]
        assert (shown["name"], shown["prefix"], shown["revokedAt"]) == ("a test", token[4:12], None)
        assert (await client.get("/transaction", headers=bearer(token))).status_code == 200


async def test_a_token_made_by_graphql_is_shown_once_and_revoked_at_once(
    settings: Settings, database: Database
) -> None:
    first = await make(database)
    async with serving(settings) as client:
        made = (await asked(client, first, CREATE, name="CI", scope="WRITE", days=7))["createToken"]
        assert made["userErrors"] == []
        assert (made["token"]["prefix"], made["token"]["scope"]) == (made["text"][4:12], "WRITE")
        assert made["text"] not in str(await asked(client, first, VIEWER))
        assert (await asked(client, made["text"], VIEWER))["viewer"]["scope"] == "WRITE"
        gone = (await asked(client, first, REVOKE, id=made["token"]["id"]))["revokeToken"]
        assert gone["userErrors"] == []
        assert gone["token"]["revokedAt"]
        refused = await client.post("/graphql", json={"query": VIEWER}, headers=bearer(made["text"]))
        assert refused.status_code == 401
        assert "was revoked" in refused.json()["errors"][0]["message"]
        # whoever revokes it again is told when it was
        again = (await asked(client, first, REVOKE, id=made["token"]["id"]))["revokeToken"]
        assert again == gone


async def test_scopes(settings: Settings, database: Database) -> None:
    read, write = await make(database, Scope.READ), await make(database, Scope.WRITE)
    async with serving(settings) as client:
        tag = "mutation($n: String!) { createTag(input: {name: $n}) { userErrors { code } } }"
        for token, status in ((read, 403), (write, 200)):
            variables = {"n": f"tag {status}"}
            answer = await client.post("/graphql", json={"query": tag, "variables": variables}, headers=bearer(token))
            assert answer.status_code == status, answer.text
            body = {"amount": 1, "date": "2026-01-01"}
            posted = await client.post("/api/v1/transactions", json=body, headers=bearer(token))
            assert posted.status_code == (201 if status == 200 else 403), posted.text
            deleted = await client.delete("/transaction", headers=bearer(token))
            assert deleted.status_code == status, deleted.text
        assert answer.status_code == 200
        refused = await client.post("/graphql", json={"query": tag, "variables": {"n": "x"}}, headers=bearer(read))
        assert refused.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        for query in (CREATE, REVOKE):
            variables = {"name": "more", "scope": "READ", "id": "QXBpVG9rZW46MQ"}
            (payload,) = (await asked(client, write, query, **variables)).values()
            assert payload["userErrors"] == [{"code": "FORBIDDEN", "path": []}]


async def test_nobody_sees_or_revokes_anothers(settings: Settings, database: Database) -> None:
    alice, bob = await make(database), await make(database, owner=Principal("bob"))
    async with serving(settings) as client:
        ((theirs,), (his,)) = [(await asked(client, one, VIEWER))["viewer"]["tokens"] for one in (alice, bob)]
        assert theirs["id"] != his["id"]
        refused = (await asked(client, bob, REVOKE, id=theirs["id"]))["revokeToken"]
        assert refused == {"token": None, "userErrors": [{"code": "NOT_FOUND", "path": ["id"]}]}
        for wrong in ("x", "", "TGVkZ2VyOjE"):
            refused = (await asked(client, bob, REVOKE, id=wrong))["revokeToken"]
            assert refused["userErrors"] == [{"code": "ID_INVALID", "path": ["id"]}]
        assert (await asked(client, alice, VIEWER))["viewer"]["subject"] == "alice"


async def test_a_token_expires(settings: Settings, database: Database) -> None:
    token = ApiToken.new()
    kept = store.StoredToken(1, "alice", "old", token.prefix, Scope.READ, 0, expires_at=calendar.now() + 1_500_000)
    await store.keep(database.engines.write, kept, token.digest)
    async with serving(settings) as client:
        await asked(client, token.text, VIEWER)
        await asyncio.sleep(1.6)
        refused = await client.post("/graphql", json={"query": VIEWER}, headers=bearer(token.text))
        assert (refused.status_code, refused.json()["errors"][0]["message"]) == (401, "The token has expired.")


async def test_what_is_refused(settings: Settings, database: Database) -> None:
    token = await make(database)
    async with serving(settings) as client:
        for wrong, words in (
            (ApiToken.new().text, "no such token"),
            (token[:-1], "cut or mistyped"),
            (token[:-1] + "é", "cut or mistyped"),
            ("eyJhbGciOiJub25lIn0.e30.", "Only personal API tokens"),
        ):
            headers = {b"authorization": f"Bearer {wrong}".encode("latin-1")}
            refused = await client.post("/graphql", json={"query": VIEWER}, headers=headers)
            assert refused.status_code == 401
            assert words in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"name": ""}, Code.REQUIRED, "name"),
        ({"name": "a\0"}, Code.INVALID, "name"),
        ({"name": "x" * 101}, Code.TOO_LONG, "name"),
        ({"days": 0}, Code.INVALID, "days"),
        ({"days": -1}, Code.INVALID, "days"),
        ({"days": 4000}, Code.INVALID, "days"),
    ],
)
async def test_bad_input(database: Database, given: dict[str, Any], code: Code, path: str) -> None:
    values = {"name": "a", "scope": Scope.READ, "days": 1, **given}
    with pytest.raises(Refused) as refused:
        await tokens.create(database.engines.write, ALICE, **values)
    assert [(one.code, one.path) for one in refused.value.problems] == [(code, (path,))]


async def test_tokens_have_a_number(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    await make(database)
    kept = (await store.listed(database.engines.read, subject="alice", most=9))[0]
    await make(database)
    with pytest.raises(Refused, match="revoke one first"):
        await make(database)
    await make(database, owner=Principal("bob"))
    await tokens.revoke(database.engines.write, ALICE, kept.id)
    await make(database)


async def test_a_burst_of_requests_shares_reads(database: Database) -> None:
    texts = [await make(database) for _ in range(5)]
    reads = 0

    def count(*_: Any) -> None:
        nonlocal reads
        reads += 1

    found = tokens.ApiTokens(database.engines.read, most=10)
    await found.verify(texts[0])
    event.listen(database.engines.read.sync_engine, "before_cursor_execute", count)
    await asyncio.gather(*(found.verify(texts[index % 5]) for index in range(200)))
    assert 1 <= reads <= 3
    await found.close()


async def test_what_is_read_is_never_from_before_the_revocation(database: Database) -> None:
    found = tokens.ApiTokens(database.engines.read, most=10)
    for _ in range(5):
        text_ = await make(database)
        kept = (await store.listed(database.engines.read, subject="alice", most=1))[0]
        background = [asyncio.ensure_future(found.verify(text_)) for _ in range(20)]
        await asyncio.sleep(0)
        await tokens.revoke(database.engines.write, ALICE, kept.id)
        with pytest.raises(Unauthenticated, match="was revoked"):
            await found.verify(text_)
        await asyncio.gather(*background, return_exceptions=True)
    await found.close()
