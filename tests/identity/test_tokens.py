"""Personal API tokens on every engine: made, shown once, looked up by each request, revoked at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import event, text

from graphql_api.database import tokens as store
from graphql_api.identity import tokens
from graphql_api.identity.api_token import ApiToken
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused, Unauthenticated
from graphql_api.ledgers.principal import Principal, Role
from graphql_api.stores import open_database
from tests.graphql.conftest import migrated, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.database.database import Database
    from graphql_api.settings import Settings

pytestmark = pytest.mark.anyio

ALICE = Principal("alice")
VIEWER = "{ viewer { subject cap tokens { id name prefix cap ledgerId createdAt expiresAt revokedAt } } }"
CREATE = """mutation($name: String!, $cap: Role!, $days: Int) {
  createToken(input: {name: $name, cap: $cap, days: $days}) {
    text token { id prefix cap expiresAt } userErrors { code path } } }"""
REVOKE = "mutation($id: ID!) { revokeToken(input: {id: $id}) { token { revokedAt } userErrors { code path } } }"


@pytest.fixture
async def settings(prepared_url: str) -> Settings:
    return await migrated(prepared_url, identity="tokens")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = open_database(settings)
    yield opened
    await opened.close()


async def make(database: Database, cap: Role = Role.OWNER, owner: Principal = ALICE, days: int | None = 1) -> str:
    made, _ = await tokens.create(database.engines.write, owner, name="a test", cap=cap, ledger_id=None, days=days)
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
    token = await make(database, Role.VIEWER)
    async with serving(settings) as client:
        found = (await asked(client, token, VIEWER))["viewer"]
        assert (found["subject"], found["cap"]) == ("alice", "VIEWER")
        (shown,) = found["tokens"]
        assert (shown["name"], shown["prefix"], shown["revokedAt"]) == ("a test", token[4:12], None)


async def test_a_token_made_by_graphql_is_shown_once_and_revoked_at_once(
    settings: Settings, database: Database
) -> None:
    first = await make(database)
    async with serving(settings) as client:
        made = (await asked(client, first, CREATE, name="CI", cap="EDITOR", days=7))["createToken"]
        assert made["userErrors"] == []
        assert (made["token"]["prefix"], made["token"]["cap"]) == (made["text"][4:12], "EDITOR")
        assert made["text"] not in str(await asked(client, first, VIEWER))
        assert (await asked(client, made["text"], VIEWER))["viewer"]["cap"] == "EDITOR"
        gone = (await asked(client, first, REVOKE, id=made["token"]["id"]))["revokeToken"]
        assert gone["userErrors"] == []
        assert gone["token"]["revokedAt"]
        refused = await client.post("/graphql", json={"query": VIEWER}, headers=bearer(made["text"]))
        assert refused.status_code == 401
        assert "was revoked" in refused.json()["errors"][0]["message"]
        # whoever revokes it again is told when it was
        again = (await asked(client, first, REVOKE, id=made["token"]["id"]))["revokeToken"]
        assert again == gone


async def test_a_token_caps_the_role(settings: Settings, database: Database) -> None:
    view, edit, own = [await make(database, cap) for cap in (Role.VIEWER, Role.EDITOR, Role.OWNER)]
    ledger = 'mutation { createLedger(input: {name: "Ours", currency: "EUR"}) { ledger { id } userErrors { code } } }'
    tag = "mutation($l: ID!, $n: String!) { createTag(input: {ledgerId: $l, name: $n}) { userErrors { code } } }"
    rename = 'mutation($l: ID!) { updateLedger(input: {ledgerId: $l, name: "Mine"}) { userErrors { code } } }'
    forbidden = [{"code": "FORBIDDEN"}]
    async with serving(settings) as client:
        assert (await asked(client, view, ledger))["createLedger"] == {"ledger": None, "userErrors": forbidden}
        made: str = (await asked(client, own, ledger))["createLedger"]["ledger"]["id"]
        filled = await client.post("/transaction", json={"amount": "1"}, headers={**bearer(own), "x-ledger-id": made})
        assert filled.status_code == 200, filled.text
        for token, written, renamed in ((view, forbidden, forbidden), (edit, [], forbidden), (own, [], [])):
            read = "query($l: ID!) { ledger(id: $l) { name } }"
            assert (await asked(client, token, read, l=made))["ledger"]
            assert (await asked(client, token, tag, l=made, n=token[:12]))["createTag"]["userErrors"] == written
            assert (await asked(client, token, rename, l=made))["updateLedger"]["userErrors"] == renamed
            headers = {**bearer(token), "x-ledger-id": made}
            posted = await client.post(
                "/api/v1/transactions", json={"amount": 1, "date": "2026-01-01"}, headers=headers
            )
            assert posted.status_code == (201 if written == [] else 403), posted.text
            deleted = await client.delete("/transaction", headers=headers)
            assert deleted.status_code == (200 if written == [] else 403), deleted.text
        for query in (CREATE, REVOKE):
            variables = {"name": "more", "cap": "VIEWER", "id": "QXBpVG9rZW46MQ"}
            (payload,) = (await asked(client, edit, query, **variables)).values()
            assert payload["userErrors"] == [{"code": "FORBIDDEN", "path": []}]


async def test_a_token_can_mean_a_ledger(settings: Settings, database: Database) -> None:
    own = await make(database)
    ledger = 'mutation { createLedger(input: {name: "Ours", currency: "EUR"}) { ledger { id } } }'
    create = """mutation($l: ID) { createToken(input: {name: "till", cap: EDITOR, ledgerId: $l}) {
      text token { ledgerId } userErrors { code path } } }"""
    async with serving(settings) as client:
        made: str = (await asked(client, own, ledger))["createLedger"]["ledger"]["id"]
        token = (await asked(client, own, create, l=made))["createToken"]
        assert token["token"]["ledgerId"] == made
        posted = await client.post("/transaction", json={"amount": "1", "desc": "x"}, headers=bearer(token["text"]))
        assert posted.status_code == 200, posted.text
        assert (await asked(client, token["text"], "{ ledger { id } }"))["ledger"]["id"] == made
        # nobody's token may mean what its owner cannot see
        refused = (await asked(client, own, create, l="TGVkZ2VyOjE"))["createToken"]
        assert refused == {"text": None, "token": None, "userErrors": [{"code": "NOT_FOUND", "path": ["ledgerId"]}]}


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
    kept = store.StoredToken(
        1, "alice", "old", token.prefix, Role.VIEWER, None, 0, expires_at=calendar.now() + 1_500_000
    )
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
    values = {"name": "a", "cap": Role.VIEWER, "ledger_id": None, "days": 1, **given}
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
