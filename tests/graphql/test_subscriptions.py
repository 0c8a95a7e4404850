"""Subscriptions on real servers: each change once and in order, resumed, live totals, replicas, limits, shutdown."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.database.prepared import Prepared
from tests.graphql.api import Api
from tests.graphql.conftest import migrated
from tests.graphql.listening import PROTOCOL, SECONDS, event_stream, websocket
from tests.http.conftest import Started, started
from tests.rest import service
from tests.servers.variants import Variant

__all__ = ["started"]

pytestmark = pytest.mark.anyio

CHANGES = """subscription($ledger: ID!, $since: Int, $after: String) {
  ledgerChanges(ledgerId: $ledger, since: $since, after: $after) {
    version position operation actor after { ... on Transaction { merchant category { name } } } } }"""
TOTALS = (
    "subscription($ledger: ID!) { totals(ledgerId: $ledger) { version totals { count amount { value currency } } } }"
)


Ledgers = Callable[[str], Awaitable[Api]]


@pytest.fixture
async def ledger_on() -> AsyncIterator[Ledgers]:
    """Makes a client of a server, with a ledger of its own."""
    async with AsyncExitStack() as clients:

        async def make(address: str) -> Api:
            client = await clients.enter_async_context(httpx.AsyncClient(base_url=address, timeout=SECONDS))
            return await _with_ledger(Api(client))

        yield make


async def _with_ledger(api: Api) -> Api:
    query = 'mutation { createLedger(input: {name: "Test", currency: "USD"}) { ledger { id } userErrors { code } } }'
    api.ledger = (await api.data(query))["createLedger"]["ledger"]["id"]
    return api


@pytest.fixture(scope="session")
def server(prepared: Prepared, variant: Variant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on each database, shared by the tests, each of which makes a ledger of its own."""
    folder = tmp_path_factory.mktemp("subscriptions")
    with prepared.database(variant) as url, service.running(folder, {"EXPENSE_DATABASE_URL": url}) as found:
        yield found.url


@pytest.fixture(scope="session")
def any_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on SQLite, for what is settled before any database is asked."""
    with service.running(tmp_path_factory.mktemp("protocol")) as found:
        yield found.url


async def test_every_change_once_and_in_order_while_others_write(ledger_on: Ledgers, server: str) -> None:
    api = await ledger_on(server)
    number = 60

    async def create(index: int) -> None:
        await api.created(merchant=f"m{index}")

    async with websocket(server) as socket:
        await socket.subscribe("a", CHANGES, ledger=api.ledger, since=0)
        writing = asyncio.gather(*(create(index) for index in range(number)))
        found = [(await socket.data("a"))["ledgerChanges"] for _ in range(number + 1)]
        await writing
    places = [(change["version"], change["position"]) for change in found]
    assert places == sorted(set(places))
    merchants = {change["after"]["merchant"] for change in found if change["after"] and "merchant" in change["after"]}
    assert merchants == {f"m{index}" for index in range(number)}
    answer = await api.read("changes(first: 100) { nodes { version position } }")
    assert [(one["version"], one["position"]) for one in answer["changes"]["nodes"]] == places


async def test_a_stream_resumes_after_the_last_event_within_a_version_too(ledger_on: Ledgers, server: str) -> None:
    api = await ledger_on(server)
    operations = [{"create": {"amount": {"value": "1"}, "date": "2026-01-01", "merchant": f"m{n}"}} for n in range(5)]
    query = "mutation($i: WriteTransactionsInput!) { writeTransactions(input: $i) { userErrors { code message } } }"
    payload = await api.data(query, i={"ledgerId": api.ledger, "operations": operations})
    assert payload["writeTransactions"]["userErrors"] == []
    variables = {"ledger": api.ledger, "since": 1}
    seen = []
    async with event_stream(server, CHANGES, variables) as events:
        for _ in range(2):
            event = await events.next()
            seen.append((event.id, event.result["ledgerChanges"]["after"]["merchant"]))
    async with event_stream(server, CHANGES, variables, **{"last-event-id": seen[-1][0] or ""}) as events:
        for _ in range(3):
            event = await events.next()
            seen.append((event.id, event.result["ledgerChanges"]["after"]["merchant"]))
    assert [merchant for _, merchant in seen] == [f"m{n}" for n in range(5)]
    assert len({place for place, _ in seen}) == 5
    async with websocket(server) as socket:
        await socket.subscribe("a", CHANGES, ledger=api.ledger, after=seen[3][0])
        assert (await socket.data("a"))["ledgerChanges"]["after"]["merchant"] == "m4"


async def test_totals_are_live(ledger_on: Ledgers, server: str) -> None:
    api = await ledger_on(server)
    async with websocket(server) as socket:
        await socket.subscribe("t", TOTALS, ledger=api.ledger)
        assert (await socket.data("t"))["totals"] == {"version": 1, "totals": []}
        await api.created("12.50")
        assert (await socket.data("t"))["totals"] == {
            "version": 2,
            "totals": [{"count": 1, "amount": {"value": "12.50", "currency": "USD"}}],
        }
        await api.mutate("createTag", "CreateTagInput", {"name": "no total", "ledgerId": api.ledger}, "ledgerVersion")
        await api.created("0.50")
        found = (await socket.data("t"))["totals"]
        assert (found["version"], found["totals"][0]["amount"]["value"]) == (4, "13.00")
        await socket.send(id="t", type="complete")
        await socket.send(type="ping", payload={"n": 1})
        assert await socket.message() == {"type": "pong", "payload": {"n": 1}}


async def test_totals_of_tags_by_name_follow_a_renaming(ledger_on: Ledgers, server: str) -> None:
    api = await ledger_on(server)
    await api.created("12.50", tags=["old"])
    tag = (await api.read("tags(first: 1) { nodes { id } }"))["tags"]["nodes"][0]["id"]
    totals = """subscription($ledger: ID!) {
      totals(ledgerId: $ledger, filter: {tag: {named: ["new"]}}) { totals { count } } }"""
    async with websocket(server) as socket:
        await socket.subscribe("t", totals, ledger=api.ledger)
        assert (await socket.data("t"))["totals"]["totals"] == []
        await api.mutate("updateTag", "UpdateTagInput", {"id": tag, "name": "new"}, "ledgerVersion")
        assert (await socket.data("t"))["totals"]["totals"] == [{"count": 1}]


@pytest.mark.parametrize("with_redis", [True, False])
async def test_a_write_on_one_replica_reaches_the_other(
    ledger_on: Ledgers, started: Started, prepared_url: str, redis_url: str, *, with_redis: bool, record_property: Any
) -> None:
    options = {"redis_url": redis_url} if with_redis else {}
    one, other = (started(database_url=prepared_url, **options).address() for _ in range(2))
    api = await ledger_on(one)
    waits = []
    async with websocket(other) as socket:
        await socket.subscribe("a", CHANGES, ledger=api.ledger, since=1)
        for index in range(10):
            await asyncio.sleep(0.13)
            await api.created(merchant=f"m{index}")
            acknowledged = time.monotonic()
            assert (await socket.data("a"))["ledgerChanges"]["after"]["merchant"] == f"m{index}"
            waits.append(time.monotonic() - acknowledged)
    record_property("longest_wait_ms", round(max(waits) * 1000))
    print("waits in ms:", [round(wait * 1000) for wait in waits])  # noqa: T201  shown with -s


async def test_queries_and_mutations_over_the_socket(ledger_on: Ledgers, server: str) -> None:
    ledger = (await ledger_on(server)).ledger
    query = "query($ledger: ID) { __typename ledger(id: $ledger) { version } }"
    mutation = 'mutation($ledger: ID) { createTag(input: {ledgerId: $ledger, name: "x"}) { ledgerVersion } }'
    async with websocket(server) as socket:
        await socket.subscribe("q", query, ledger=ledger)
        assert (await socket.data("q"))["ledger"] == {"version": 1}
        assert await socket.message() == {"id": "q", "type": "complete"}
        await socket.subscribe("m", mutation, ledger=ledger)
        assert await socket.data("m") == {"createTag": {"ledgerVersion": 2}}
        assert await socket.message() == {"id": "m", "type": "complete"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nope }", "GRAPHQL_VALIDATION_FAILED"),
        ('subscription { ledgerChanges(ledgerId: "no") { version } }', "ID_INVALID"),
        ("subscription { ledgerChanges(since: 99) { version } }", "INVALID"),
        ("subscription($n: Int!) { ledgerChanges(since: $n) { version } }", "BAD_USER_INPUT"),
        ("{" + "a" * 3 + " }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(80)) + " }", "LIMIT_EXCEEDED"),
        ("", "BAD_REQUEST"),
    ],
)
async def test_what_cannot_run_is_told_and_the_socket_goes_on(server: str, query: str, code: str) -> None:
    async with websocket(server) as socket:
        await socket.subscribe("e", query)
        found = await socket.message()
        assert (found["type"], found["id"]) == ("error", "e")
        assert found["payload"][0]["extensions"]["code"] == code, found
        await socket.subscribe("e", "{ __typename }")
        assert await socket.data("e") == {"__typename": "Query"}


async def test_errors_and_other_operations_in_an_event_stream(server: str) -> None:
    for query in ("subscription { nope }", "subscription { ledgerChanges(since: 99) { version } }"):
        async with event_stream(server, query) as events:
            first = await events.next()
            assert (first.event, '"errors"' in first.data) == ("next", True)
            assert (await events.next()).event == "complete"
    async with event_stream(server, "{ __typename }") as events:
        assert (await events.next()).result == {"__typename": "Query"}
        assert (await events.next()).event == "complete"
    async with httpx.AsyncClient(base_url=server) as client:
        refused = await client.post("/graphql", json={"query": "subscription { ledgerChanges { version } }"})
        assert (refused.status_code, "text/event-stream" in refused.text) == (400, True)
        mutation = {"query": 'mutation { createTag(input: {name: "x"}) { ledgerVersion } }'}
        by_get = await client.get("/graphql", params=mutation, headers={"accept": "text/event-stream"})
        assert by_get.status_code == 405


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["no JSON"], 4400),
        (["[]"], 4400),
        ([b"bytes"], 4400),
        (['{"type": "what"}'], 4400),
        (['{"type": "ping", "payload": 1}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe", "id": "", "payload": {}}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe", "id": "1"}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        ([], 4408),
        (
            ['{"type": "connection_init"}']
            + ['{"type": "subscribe", "id": "1", "payload": {"query": "subscription { ledgerChanges { version } }"}}']
            * 2,
            4409,
        ),
        (['{"type": "connection_init"}'] * 2, 4429),
    ],
)
async def test_what_breaks_the_protocol_closes_the_socket(any_server: str, messages: list[str], code: int) -> None:
    async with websocket(any_server, begin=False) as socket:
        for message in messages:
            await socket.connection.send(message)
        assert (await socket.closed())[0] == code


async def test_limits_on_subscriptions(started: Started, tmp_path: Any) -> None:
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3")
    url = settings.database_url.get_secret_value()
    server = started(database_url=url, max_subscriptions="2", max_socket_operations="2").address()
    query = "subscription { ledgerChanges { version } }"
    async with websocket(server) as socket, websocket(server) as other:
        for name in "ab":
            await socket.subscribe(name, query)
        async with asyncio.timeout(SECONDS):
            # both are open then, and nothing that is to be refused races them
            while 'expense_subscriptions_open{transport="websocket"} 2.0' not in await _metrics(server):  # noqa: ASYNC110  afar
                await asyncio.sleep(0.05)
        for asked, limit in ((other, "subscriptions"), (socket, "socketOperations")):
            await asked.subscribe("c", query)
            refused = await asked.message()
            assert (refused["type"], refused["id"]) == ("error", "c")
            assert refused["payload"][0]["extensions"]["limit"] == limit
        await socket.subscribe("d", "{ ledger { id } }")
        assert (await socket.message())["payload"][0]["extensions"]["limit"] == "socketOperations"
        async with event_stream(server, query) as events:
            assert "EXPENSE_MAX_SUBSCRIPTIONS" in (await events.next()).data


async def test_a_client_that_does_not_read_is_left_and_told(
    ledger_on: Ledgers, started: Started, tmp_path: Any
) -> None:
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3")
    url = settings.database_url.get_secret_value()
    server = started(database_url=url, stream_stall_timeout="0.5").address()
    api = await ledger_on(server)
    operations = [
        {"create": {"amount": {"value": "1"}, "date": "2026-01-01", "description": "x" * 900}} for _ in range(1000)
    ]
    query = "mutation($i: WriteTransactionsInput!) { writeTransactions(input: $i) { userErrors { code message } } }"
    for _ in range(4):
        await api.data(query, i={"ledgerId": api.ledger, "operations": operations})
    changes = (
        "subscription($ledger: ID!) { ledgerChanges(ledgerId: $ledger, since: 0) "
        "{ version position after { ... on Transaction { description } } } }"
    )
    # without compression, or the whole feed would fit into the buffers between both sides
    async with websocket(server, max_queue=1, compression=None) as socket:
        for name in "abcd":
            await socket.subscribe(name, changes, ledger=api.ledger)
        async with asyncio.timeout(SECONDS):
            while "expense_subscription_slow_total{" not in (text := await _metrics(server)):  # noqa: ASYNC110  afar
                await asyncio.sleep(0.1)
        assert 'expense_subscription_slow_total{transport="websocket"} 1.0' in text
        code, reason = await socket.closed()
        assert (code, "EXPENSE_STREAM_STALL_TIMEOUT" in reason) == (1013, True)
    assert 'expense_subscriptions_open{transport="websocket"} 0.0' in await _metrics(server)


async def test_at_shutdown_listeners_are_told_at_once(started: Started, tmp_path: Any) -> None:
    settings = await migrated(f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3")
    running = started(database_url=settings.database_url.get_secret_value())
    server = running.address()
    async with (
        websocket(server) as socket,
        event_stream(server, "subscription { ledgerChanges { version } }") as events,
    ):
        await socket.subscribe("a", "subscription { ledgerChanges { version } }")
        await socket.send(type="ping")
        assert (await socket.message())["type"] == "pong"
        running.process.signal(signal.SIGTERM)
        assert (await socket.closed())[0] == 1001
        with pytest.raises(EOFError):
            await events.next()
    assert await asyncio.to_thread(running.process.wait) == 0


async def test_another_sites_page_opens_no_socket(any_server: str) -> None:
    with pytest.raises(InvalidStatus):
        async with websocket(any_server, origin="https://evil.example"):
            pass


async def _metrics(server: str) -> str:
    async with httpx.AsyncClient(base_url=server) as client:
        return (await client.get("/metrics")).text


async def test_the_log_has_nothing_of_a_sockets_query(started: Started, tmp_path: Any) -> None:
    running = started(database_url=f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3", log_level="debug")
    address = running.address()
    async with connect(f"{address.replace('http', 'ws', 1)}/graphql?token=s3cret", subprotocols=[PROTOCOL]) as socket:
        await socket.send('{"type": "connection_init"}')
        assert "connection_ack" in str(await socket.recv())
    with pytest.raises(InvalidStatus):
        await connect(f"{address.replace('http', 'ws', 1)}/nowhere?token=s3cret")
    assert "s3cret" not in running.output()
