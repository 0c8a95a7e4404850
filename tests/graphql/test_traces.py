"""Traces of a real server, as a receiver of OTLP gets them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.graphql.api import CREATE, Api
from tests.graphql.conftest import migrated
from tests.graphql.receiver import Receiver, attributes, receiving
from tests.http.conftest import Started, started
from tests.servers.ports import LOOPBACK, free_port

__all__ = ["started"]

pytestmark = pytest.mark.anyio

SECRET = "merchant-" + secrets.token_hex(8)
QUERY = """query Found($ledger: ID!) { ledger(id: $ledger) {
  transactions { nodes { merchant category { name } tags { name } } } } }"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver."""
    with receiving() as found:
        yield found


class Traced:
    """Sends requests that are parts of traces of their own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.ids: dict[str, str] = {}

    async def send(self, name: str, query: str, flags: str = "01", **variables: object) -> httpx.Response:
        """Send an operation in a new trace."""
        trace = self.ids[name] = secrets.token_hex(16)
        headers = {"traceparent": f"00-{trace}-{'ab' * 8}-{flags}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=60) as client:
            return await client.post("/graphql", json={"query": query, "variables": variables})


def tree(spans: list[Span]) -> dict[str, str]:
    """The name of each span's parent by its own name; the first span's parent is the caller's."""
    names = {span.span_id: span.name for span in spans}
    return {span.name: names.get(span.parent_span_id, span.parent_span_id.hex()) for span in spans}


async def test_a_request_is_a_trace_down_to_sql_and_redis(
    started: Started, prepared_url: str, redis_url: str, receiver: Receiver
) -> None:
    await migrated(prepared_url)
    server = started(database_url=prepared_url, redis_url=redis_url, otlp_endpoint=receiver.address)
    address = server.address()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        api = Api(client)
        made = await api.data('mutation { createLedger(input: {name: "T", currency: "USD"}) { ledger { id } } }')
        api.ledger = made["createLedger"]["ledger"]["id"]
        category = await api.category(SECRET)
        await client.get("/livez")
    traced = Traced(address)
    given = {
        "amount": {"value": "1234567.89"},
        "date": "2026-01-02",
        "merchant": SECRET,
        "tags": [SECRET],
        "categoryId": category,
        "ledgerId": api.ledger,
    }
    assert (await traced.send("create", CREATE, input=given)).status_code == 200
    assert SECRET in (await traced.send("query", QUERY, ledger=api.ledger)).text
    assert (await traced.send("unsampled", QUERY + " # other", "00", ledger=api.ledger)).status_code == 200
    assert server.process.stop() == 0, "and what waits is sent before it ends"

    assert receiver.service["service.name"] == "expense-ledger"
    spans = receiver.trace(traced.ids["query"])
    parents = tree(spans)
    assert parents["POST /graphql"] == "ab" * 8, "the caller's span"
    assert parents["query"] == "POST /graphql"
    assert parents["load category"] == "query"
    assert parents["load tag"] == "query"
    assert parents["select transactions"] == "query"
    assert "select ledgers" in parents
    assert parents["MGET"] in {"query", "load category", "load tag"}
    by_name = {span.name: span for span in spans}
    assert attributes(by_name["POST /graphql"]) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
    }
    assert attributes(by_name["query"]) == {"graphql.operation.type": "query", "graphql.operation.name": ""}
    assert attributes(by_name["select transactions"])["db.collection.name"] == "transactions"
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in spans)

    written = tree(receiver.trace(traced.ids["create"]))
    assert written["mutation"] == "POST /graphql"
    assert written["insert transactions"] == "mutation"
    assert written["commit"] == "mutation"

    assert receiver.trace(traced.ids["unsampled"]) == [], "the caller's choice"
    lines = [line for line in server.lines() if line.get("trace_id") == traced.ids["query"]]
    assert {line["span_id"] for line in lines} == {by_name["POST /graphql"].span_id.hex()}
    told = b"".join(span.SerializeToString() for span in receiver.spans).decode("utf-8", "replace")
    for private in (SECRET, "1234567", "123456789", "fragment", "nodes {"):
        assert private not in told
    assert not [span for span in receiver.spans if "livez" in span.name]
    assert not [span for span in receiver.spans if span.status.code == Status.STATUS_CODE_ERROR]


async def test_a_receiver_that_is_away_costs_nothing(started: Started, prepared_url: str) -> None:
    await migrated(prepared_url)
    server = started(database_url=prepared_url, otlp_endpoint=f"http://{LOOPBACK}:{free_port()}")
    address = server.address()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for _ in range(5):
            assert (await client.post("/graphql", json={"query": "{ ledger { name } }"})).status_code == 200
    assert server.process.stop() == 0
