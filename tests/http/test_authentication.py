"""Who may call, at every door of a service that has an issuer."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from graphql_api.identity import tokens
from graphql_api.ledgers.ids import GlobalId
from graphql_api.ledgers.principal import Principal, Role
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from tests.graphql.listening import event_stream, websocket
from tests.identity.conftest import provider
from tests.identity.running import AUDIENCE, Provider
from tests.servers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.http.conftest import Opened, Started

__all__ = ["provider"]

pytestmark = pytest.mark.anyio

QUERY = {"query": "{ ledger { name } }"}
TYPED = {"accept": "application/graphql-response+json"}
LISTEN = "subscription($ledger: ID) { ledgerChanges(ledgerId: $ledger) { version } }"
CREATE = 'mutation { createLedger(input: {name: "Ours", currency: "EUR"}) { ledger { id } } }'
FORBIDDEN = 4403


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def made(client: httpx.AsyncClient, token: dict[str, str]) -> str:
    """The id of a ledger that whoever has the token has made."""
    answer = await client.post("/graphql", json={"query": CREATE}, headers=token)
    found: str = answer.json()["data"]["createLedger"]["ledger"]["id"]
    return found


@pytest.fixture
async def client(opened: Opened, provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(identity="oidc", oidc_issuer=provider.issuer, oidc_audience=AUDIENCE, oidc_leeway=0) as found:
        yield found


@pytest.fixture
def address(started: Started, sqlite_url: str, provider: Provider) -> str:
    return started(
        database_url=sqlite_url,
        identity="oidc",
        oidc_issuer=provider.issuer,
        oidc_audience=AUDIENCE,
        oidc_leeway="0",
    ).address()


DOORS = [
    ("POST", "/graphql", {"json": QUERY}),
    ("POST", "/graphql", {"json": QUERY, "headers": {"accept": "text/event-stream"}}),
    ("POST", "/graphql", {"content": b"{"}),
    ("GET", "/graphql", {"params": QUERY}),
    ("GET", "/graphql", {"params": {"query": "{"}}),
    ("GET", "/api/v1/transactions", {}),
    ("POST", "/api/v1/transactions", {"json": {}}),
    ("GET", "/api/v1/transactions/1", {}),
    ("DELETE", "/api/v1/transactions/1", {}),
    ("GET", "/transaction", {}),
    ("POST", "/transaction", {"json": {}}),
    ("DELETE", "/transaction", {}),
    ("GET", "/api/transaction/id", {"params": {"id": "1"}}),
]


@pytest.mark.parametrize(("method", "path", "options"), DOORS)
async def test_a_stranger_is_told_to_authenticate(
    client: httpx.AsyncClient, method: str, path: str, options: dict[str, Any]
) -> None:
    answer = await client.request(method, path, **options)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="expense"'
    _assert_shape(path, answer)
    options = {**options, "headers": {**options.get("headers", {}), **bearer("a.b.c")}}
    answer = await client.request(method, path, **options)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer realm="expense", error="invalid_token", error_desc')
    assert "a.b.c" not in answer.text + str(answer.headers)
    _assert_shape(path, answer)


def _assert_shape(path: str, answer: httpx.Response) -> None:
    body = answer.json()
    if path == "/graphql":
        (error,) = body["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED"}
        assert set(body) == {"errors"}
    elif path.startswith("/api/v1/"):
        assert list(body) == ["detail"]
    else:
        assert set(body) == {"message", "error"}


@pytest.mark.parametrize(
    "path", ["/livez", "/readyz", "/health", "/api/health", "/api/v1/health", "/metrics", "/openapi.json", "/docs"]
)
async def test_what_shows_nothing_of_a_ledger_is_open(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200
    assert (await client.get(path, headers=bearer("a.b.c"))).status_code == 200


async def test_the_playground_is_open_and_what_it_asks_is_not(client: httpx.AsyncClient) -> None:
    page = await client.get("/graphql", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "<html" in page.text
    introspection = await client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    assert introspection.status_code == 401


async def test_a_token_opens_each_door(client: httpx.AsyncClient, provider: Provider) -> None:
    token = bearer(provider.signed_in("alice"))
    ledger = await made(client, token)
    query = {"query": "query($id: ID) { ledger(id: $id) { name viewerRole } }", "variables": {"id": ledger}}
    answer = await client.post("/graphql", json=query, headers=token)
    assert answer.json()["data"] == {"ledger": {"name": "Ours", "viewerRole": "OWNER"}}
    for path in ("/api/v1/transactions", "/transaction"):
        answer = await client.get(path, headers={**token, "X-Ledger-Id": ledger})
        assert answer.status_code == 200, answer.text
        answer = await client.get(path, headers=token)
        assert "Name a ledger" in answer.text
        stranger = {**bearer(provider.signed_in("bob")), "X-Ledger-Id": ledger}
        assert (await client.get(path, headers=stranger)).status_code == 404
    listed = "{ ledgers { nodes { name } totalCount } viewer { subject cap } }"
    for name, count in (("alice", 1), ("bob", 0)):
        answer = await client.post("/graphql", json={"query": listed}, headers=bearer(provider.signed_in(name)))
        assert answer.json()["data"] == {
            "ledgers": {"nodes": [{"name": "Ours"}] * count, "totalCount": count},
            "viewer": {"subject": name, "cap": "OWNER"},
        }


@pytest.mark.parametrize(
    "header", ["", "Basic YTpi", "Bearer", "Bearer ", "Token abc", "Bearer a b", "bearer\ta", "Bearer é"]
)
async def test_a_header_of_another_form_is_refused(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/transaction", headers={b"authorization": header.encode()})
    assert answer.status_code == 401


async def test_two_tokens_are_none(client: httpx.AsyncClient, provider: Provider) -> None:
    token = provider.token()
    answer = await client.get(
        "/transaction", headers=[("authorization", f"Bearer {token}"), ("authorization", f"Bearer {token}")]
    )
    assert answer.status_code == 401


async def test_the_issuer_away_is_no_reason_to_send_people_away(opened: Opened, provider: Provider) -> None:
    token = bearer(provider.token())
    away = f"http://127.0.0.1:{free_port()}"
    async with opened(identity="oidc", oidc_issuer=away, oidc_audience=AUDIENCE) as client:
        for path in ("/api/v1/transactions", "/transaction", "/graphql?query={__typename}"):
            answer = await client.get(path, headers=token)
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "1"
        assert (await client.get("/readyz")).status_code == 200


async def test_local_mode_takes_everybody_for_the_owner(opened: Opened) -> None:
    async with opened() as client:
        assert (await client.get("/transaction", headers=bearer("a.b.c"))).status_code == 200


async def test_denials_are_counted_and_logged_without_the_token(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture, provider: Provider
) -> None:
    async def count(reason: str) -> float:
        text = (await client.get("/metrics")).text
        name = f'expense_access_denied_total{{reason="{reason}"}} '
        return next((float(line[len(name) :]) for line in text.splitlines() if line.startswith(name)), 0)

    before = await count("missing"), await count("aud")
    token = provider.token(audience="urn:example:payroll")
    await client.get("/transaction")
    await client.get("/transaction", headers=bearer(token))
    assert (await count("missing"), await count("aud")) == (before[0] + 1, before[1] + 1)
    assert [record.reason for record in caplog.records if record.name == "graphql_api.access"] == ["missing", "aud"]  # type: ignore[attr-defined]
    assert token not in caplog.text


async def test_a_websocket_is_opened_by_its_header_or_its_first_message(address: str, provider: Provider) -> None:
    token = bearer(provider.token())
    async with websocket(address, additional_headers=token) as socket:
        await socket.subscribe("a", LISTEN)
    async with websocket(address, begin=False) as socket:
        await socket.send(type="connection_init", payload=token)
        assert await socket.message() == {"type": "connection_ack"}
        await socket.subscribe("a", "{ viewer { cap } ledgers { totalCount } }")
        assert await socket.data("a") == {"viewer": {"cap": "OWNER"}, "ledgers": {"totalCount": 0}}


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer a.b.c"}, {"authorization": ""}])
async def test_a_websocket_of_a_stranger_is_closed(address: str, payload: Any) -> None:
    async with websocket(address, begin=False) as socket:
        await socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        code, reason = await socket.closed()
        assert (code, bool(reason)) == (FORBIDDEN, True)
    async with websocket(address, begin=False, additional_headers=bearer("a.b.c")) as socket:
        await socket.send(type="connection_init")
        assert (await socket.closed())[0] == FORBIDDEN
    async with websocket(address, begin=False) as socket:
        await socket.send(type="connection_init", payload={"authorization": 1})
        assert (await socket.closed())[0] == 4400


async def test_what_is_open_is_closed_when_the_token_expires(address: str, provider: Provider) -> None:
    token = bearer(provider.token("brief"))
    async with httpx.AsyncClient(base_url=address) as client:
        ledger = await made(client, token)
    begun = time.monotonic()
    async with websocket(address, additional_headers=token) as socket:
        await socket.subscribe("a", LISTEN, ledger=ledger)
        assert await socket.closed() == (FORBIDDEN, "The token is good no longer")
    assert time.monotonic() - begun < 10
    async with event_stream(address, LISTEN, {"ledger": ledger}, **bearer(provider.token("brief"))) as events:
        with pytest.raises(EOFError):
            await events.next()


async def test_a_stranger_gets_no_event_stream(address: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{address}/graphql", json={"query": LISTEN}, headers={"accept": "text/event-stream"}
        )
    assert answer.status_code == 401
    assert json.loads(answer.text)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.fixture
async def token_of(sqlite_url: str) -> AsyncIterator[Callable[..., Awaitable[tuple[str, int]]]]:
    """Makes personal API tokens in the server's database; gives their text and id."""
    database = open_database(Settings.model_validate({"database_url": SecretStr(sqlite_url)}))

    async def make(subject: str) -> tuple[str, int]:
        token, kept = await tokens.create(
            database.engines.write, Principal(subject), name="a test", cap=Role.OWNER, ledger_id=None, days=1
        )
        return token.text, kept.id

    yield make
    await database.close()


REVOKE = "mutation($id: ID!) { revokeToken(input: {id: $id}) { userErrors { code } } }"


async def test_what_is_open_is_closed_soon_after_the_token_is_revoked(
    started: Started, sqlite_url: str, token_of: Callable[..., Awaitable[tuple[str, int]]]
) -> None:
    address = started(database_url=sqlite_url, identity="tokens").address()
    (good, _), (bad, number) = await token_of("alice"), await token_of("alice")
    listen = "subscription($id: ID!) { ledgerChanges(ledgerId: $id) { version } }"
    async with httpx.AsyncClient(base_url=address, headers=bearer(good)) as alice:
        ledger = await made(alice, bearer(good))
        async with (
            websocket(address, additional_headers=bearer(good)) as staying,
            websocket(address, additional_headers=bearer(bad)) as leaving,
            event_stream(address, listen, {"id": ledger}, **bearer(bad)) as events,
        ):
            await leaving.subscribe("a", listen, id=ledger)
            begun = time.monotonic()
            gone = await alice.post(
                "/graphql", json={"query": REVOKE, "variables": {"id": str(GlobalId("ApiToken", number))}}
            )
            assert gone.json()["data"]["revokeToken"]["userErrors"] == []
            refused = await alice.post("/graphql", json=QUERY, headers=bearer(bad))
            assert refused.status_code == 401
            assert await leaving.closed() == (FORBIDDEN, "The token is good no longer")
            with pytest.raises(EOFError):
                await events.next()
            assert time.monotonic() - begun < 15
            await staying.subscribe("b", "{ viewer { subject } }")
            assert await staying.data("b") == {"viewer": {"subject": "alice"}}


async def test_each_principal_has_a_budget_of_its_own_and_a_name_in_the_log(
    started: Started, sqlite_url: str, token_of: Callable[..., Awaitable[tuple[str, int]]]
) -> None:
    server = started(database_url=sqlite_url, identity="tokens", cost_rate="1", cost_capacity="1000")
    address = server.address()
    (alice, _), (again, _), (bob, _) = await token_of("alice"), await token_of("alice"), await token_of("bob")
    costly = {"query": "{ ledgers(first: 40) { nodes { id name } } }"}
    async with httpx.AsyncClient(base_url=address) as client:
        found = [
            (await client.post("/graphql", json=costly, headers=bearer(one))).status_code for one in (alice, again, bob)
        ]
        assert found[0] == found[2] == 200
        # what it did not cost is given back, so both tokens draw on what is left of one budget
        left = [
            (await client.post("/graphql", json={"query": "{ viewer { subject } }"}, headers=bearer(one))).headers
            for one in (alice, again, bob)
        ]
        rest = [int(one["ratelimit"].partition("r=")[2].partition(";")[0]) for one in left]
        assert rest[1] <= rest[0]

    def names_told() -> list[str]:
        return [line["principal"] for line in server.lines() if line.get("route") == "/graphql"]

    server.process.wait_for(lambda: len(names_told()) == 6)
    names = names_told()[-3:]
    assert names[0] == names[1] != names[2]
    assert "alice" not in server.output()
    assert alice[4:] not in server.output()


async def test_a_change_tells_by_which_token_it_came(
    opened: Opened, token_of: Callable[..., Awaitable[tuple[str, int]]]
) -> None:
    text, _ = await token_of("alice")
    async with opened(identity="tokens") as client:
        ledger = await made(client, bearer(text))
        read = "query($id: ID!) { ledger(id: $id) { changes { nodes { actor source { door token requestId } } } } }"
        answer = await client.post("/graphql", json={"query": read, "variables": {"id": ledger}}, headers=bearer(text))
        changes = answer.json()["data"]["ledger"]["changes"]["nodes"]
        assert {change["actor"] for change in changes} == {"alice"}
        assert {(one["source"]["door"], one["source"]["token"]) for one in changes} == {("graphql", text[4:12])}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "told"),
    [
        ([], "198.51.100.7", "127.0.0.1"),
        (["10.0.0.0/8"], "198.51.100.7", "127.0.0.1"),
        (["127.0.0.0/8"], "198.51.100.7", "198.51.100.7"),
        # what the client itself has sent stands further left, and is not believed
        (["127.0.0.0/8", "10.0.0.0/8"], "203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        (["127.0.0.1"], "", "127.0.0.1"),
    ],
)
async def test_a_change_tells_the_address_that_a_trusted_proxy_tells(
    opened: Opened, proxies: list[str], forwarded: str, told: str
) -> None:
    async with opened(trusted_proxies=proxies) as client:
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        tag = 'mutation { createTag(input: {name: "x"}) { userErrors { code } } }'
        await client.post("/graphql", json={"query": tag}, headers=headers)
        read = "{ ledger { changes(first: 100) { nodes { kind source { address } } } } }"
        answer = await client.post("/graphql", json={"query": read})
        nodes = answer.json()["data"]["ledger"]["changes"]["nodes"]
        assert nodes[-1]["source"] == {"address": told}
