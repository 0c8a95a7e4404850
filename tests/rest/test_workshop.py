"""The workshop's dialect, asked as the workshop's own client and server are."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from graphql_api.transactions import workshop

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def exact(response: httpx.Response) -> Any:
    """The answer with its numbers digit for digit."""
    assert response.headers["content-type"] == "application/json"
    return json.loads(response.text, parse_float=Decimal)


def failed(response: httpx.Response, status: int) -> str:
    """The error of a refused request."""
    assert response.status_code == status, response.text
    body = exact(response)
    assert set(body) == {"message", "error"}
    assert body["message"]
    return str(body["error"])


@pytest.fixture(params=["", "/api"])
def path(request: pytest.FixtureRequest) -> str:
    """Where the dialect is mounted."""
    return f"{request.param}/transaction"


async def test_the_react_clients_calls(client: httpx.AsyncClient) -> None:
    """Its page lists, adds the texts of two input fields, and deletes all, always without a status check."""
    url = "/api/transaction"
    assert exact(await client.get(url)) == {"result": []}
    text = json.dumps({"amount": "12.5", "desc": "Lunch \U0001f600"})
    added = await client.post(url, content=text.encode(), headers=JSON)
    assert (added.status_code, exact(added)) == (200, {"message": "added transaction successfully"})
    await client.post(url, content='{"amount":"400","desc":""}', headers=JSON)
    listed = await client.get(url)
    assert listed.status_code == 200
    assert exact(listed) == {
        "result": [
            {"id": 1, "amount": Decimal("12.50"), "description": "Lunch \U0001f600"},
            {"id": 2, "amount": Decimal("400.00"), "description": ""},
        ]
    }
    deleted = await client.request("DELETE", url)
    assert (deleted.status_code, set(exact(deleted))) == (200, {"message"})
    assert exact(await client.get(url)) == {"result": []}
    await client.post(url, content='{"amount":"1","desc":"after"}', headers=JSON)
    assert [one["id"] for one in exact(await client.get(url))["result"]] == [3]


async def test_one_transaction_in_every_way_it_is_named(client: httpx.AsyncClient, path: str) -> None:
    await client.post(path, json={"amount": 12.5, "desc": "Lunch"})
    shown = {"id": 1, "amount": Decimal("12.50"), "desc": "Lunch"}
    for response in (
        await client.request("GET", f"{path}/id", json={"id": 1}),
        await client.request("GET", f"{path}/id", json={"id": "1"}),
        await client.request("GET", f"{path}/id", content="id=1", headers=FORM),
        await client.request("GET", f"{path}/id?id=1", json={"id": 1}),
        await client.get(f"{path}/id?id=1"),
        await client.get(f"{path}/1"),
    ):
        assert (response.status_code, exact(response)) == (200, shown)
    for number in range(2, 6):
        await client.post(path, json={"amount": number, "desc": ""})
    for response in (
        await client.request("DELETE", f"{path}/id", json={"id": 2}),
        await client.request("DELETE", f"{path}/id", content="id=3", headers=FORM),
        await client.delete(f"{path}/id?id=4"),
        await client.delete(f"{path}/5"),
    ):
        assert response.status_code == 200
        assert set(exact(response)) == {"message"}
    assert [one["id"] for one in exact(await client.get(path))["result"]] == [1]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("12.50", "12.50"),
        ('"12.50"', "12.50"),
        ('" 12.5 "', "12.50"),
        ('"-.5"', "-0.50"),
        ('"5."', "5.00"),
        ('"+7"', "7.00"),
        ("0", "0.00"),
        ("9999999999999.99", "9999999999999.99"),
        ('"9999999999999.99"', "9999999999999.99"),
    ],
)
async def test_amounts_are_exact(local: httpx.AsyncClient, amount: str, shown: str) -> None:
    response = await local.post("/transaction", content=f'{{"amount": {amount}, "desc": null}}', headers=JSON)
    assert response.status_code == 200, response.text
    assert f'"amount":{shown},' in (await local.get("/transaction")).text
    assert f'"amount":{shown},' in (await local.get("/transaction/1")).text


async def test_a_form(local: httpx.AsyncClient) -> None:
    response = await local.post("/transaction", content="amount=12.50&desc=caf%C3%A9+%2B", headers=FORM)
    assert response.status_code == 200
    assert exact(await local.get("/transaction/1"))["desc"] == "café +"


@pytest.mark.parametrize(
    ("content", "headers", "status", "told"),
    [
        ('{"amount": "", "desc": ""}', JSON, 400, "amount"),
        ('{"desc": "x"}', JSON, 400, "amount"),
        ('{"amount": "12,50"}', JSON, 400, "amount"),
        ('{"amount": "NaN"}', JSON, 400, "amount"),
        ('{"amount": "Infinity"}', JSON, 400, "amount"),
        ('{"amount": "1e5"}', JSON, 400, "amount"),
        ('{"amount": "1_000"}', JSON, 400, "amount"),
        ('{"amount": "\u0661"}', JSON, 400, "amount"),
        ('{"amount": null}', JSON, 400, "amount"),
        ('{"amount": true}', JSON, 400, "amount"),
        ('{"amount": NaN}', JSON, 400, "column 12"),
        ('{"amount": 1.005}', JSON, 400, "2 decimals"),
        ('{"amount": 1e400}', JSON, 400, "largest"),
        ('{"amount": "123456789012345678901234567890"}', JSON, 400, "largest"),
        ('{"amount": 1, "desc": 5}', JSON, 400, "desc"),
        ('{"amount": 1, "desc": "\\u0000"}', JSON, 400, "control"),
        ('{"amount": 1, "desc": "\\udc00"}', JSON, 400, "surrogate"),
        (f'{{"amount": 1, "desc": "{"d" * 1_000_000}"}}', JSON, 400, "desc"),
        ('{"amount": 1, "amount": 2}', JSON, 400, "twice"),
        ('{"amount": 1', JSON, 400, "too early"),
        ("", JSON, 400, "too early"),
        ("[]", JSON, 400, "body"),
        ("amount=1&amount=2", FORM, 400, "twice"),
        ("amount=1&desc=%ff", FORM, 400, "UTF-8"),
        ("", FORM, 400, "amount"),
        ("amount=1", {"Content-Type": "text/plain"}, 415, "Content-Type"),
        ('{"amount": 1}', {}, 415, "Content-Type"),
    ],
)
async def test_what_is_refused_adds_nothing(
    local: httpx.AsyncClient, content: str, headers: dict[str, str], status: int, told: str
) -> None:
    response = await local.post("/transaction", content=content.encode(), headers=headers)
    assert told in failed(response, status)
    assert exact(await local.get("/transaction")) == {"result": []}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_missing_or_wrong_id(local: httpx.AsyncClient, method: str) -> None:
    """The workshop's own server crashes on each of these."""
    await local.post("/transaction", json={"amount": 1, "desc": ""})
    for url, content, status in (
        ("/transaction/id", "", 400),
        ("/transaction/id", "{}", 400),
        ("/transaction/id", "[1]", 400),
        ("/transaction/id", '{"id": null}', 400),
        ("/transaction/id", '{"id": 1.5}', 400),
        ("/transaction/id", '{"id": true}', 400),
        ("/transaction/id", '{"id": "1 OR 1=1"}', 400),
        ("/transaction/id", '{"id": 1', 400),
        ("/transaction/id?id=1", '{"id": 2}', 400),
        ("/transaction/id?id=1&id=2", "", 400),
        ("/transaction/id?id=", "", 400),
        ("/transaction/id?id=x", "", 400),
        ("/transaction/x", "", 400),
        ("/transaction/1.5", "", 400),
        ("/transaction/id", '{"id": 2}', 404),
        ("/transaction/id?id=2", "", 404),
        ("/transaction/2", "", 404),
        ("/transaction/0", "", 404),
        ("/transaction/-1", "", 404),
        ("/transaction/9223372036854775808", "", 404),
    ):
        failed(await local.request(method, url, content=content, headers=JSON if content else {}), status)
    failed(await local.request(method, "/transaction/id", content="id=1", headers={"Content-Type": "text/plain"}), 415)
    assert len(exact(await local.get("/transaction"))["result"]) == 1


async def test_deleting_all_is_not_asked_for_with_an_id(local: httpx.AsyncClient) -> None:
    await local.post("/transaction", json={"amount": 1, "desc": ""})
    failed(await local.delete("/transaction?id=1"), 400)
    failed(await local.request("DELETE", "/transaction", json={"id": 1}), 400)
    assert len(exact(await local.get("/transaction"))["result"]) == 1
    assert (await local.request("DELETE", "/transaction", json={})).status_code == 200
    assert exact(await local.get("/transaction")) == {"result": []}


async def test_wrong_methods(local: httpx.AsyncClient) -> None:
    for url, allowed in (
        ("/transaction", "DELETE, GET, HEAD, POST"),
        ("/api/transaction/id", "DELETE, GET, HEAD"),
        ("/transaction/1", "DELETE, GET, HEAD"),
    ):
        response = await local.request("PUT", url)
        failed(response, 405)
        assert response.headers["allow"] == allowed


async def test_an_idempotency_key_makes_a_write_once(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "key"}
    for _ in range(2):
        added = await client.post("/transaction", json={"amount": 5, "desc": ""}, headers=key)
        assert exact(added) == {"message": "added transaction successfully"}
    assert added.headers["idempotent-replayed"] == "true"
    failed(await client.post("/transaction", json={"amount": 6, "desc": ""}, headers=key), 400)
    await client.post("/transaction", json={"amount": 6, "desc": ""})
    told = [await client.delete("/transaction", headers={"Idempotency-Key": "all"})]
    await client.post("/transaction", json={"amount": 7, "desc": ""})
    told.append(await client.delete("/transaction", headers={"Idempotency-Key": "all"}))
    assert exact(told[0]) == exact(told[1]) == {"message": "deleted 2 transactions"}
    assert [one["id"] for one in exact(await client.get("/transaction"))["result"]] == [3]
    for _ in range(2):
        one = await client.delete("/transaction/3", headers={"Idempotency-Key": "one"})
        assert one.status_code == 200


async def test_an_unknown_ledger(local: httpx.AsyncClient) -> None:
    for name, status in (("2", 404), ("x", 400)):
        for method in ("GET", "DELETE"):
            failed(await local.request(method, "/transaction", headers={"X-Ledger-Id": name}), status)
        failed(await local.post("/transaction", json={"amount": 1}, headers={"X-Ledger-Id": name}), status)


async def test_a_long_list_is_of_one_version(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes between its pages do not show: what is deleted stays in it, and what is added is not in it."""
    monkeypatch.setattr(workshop, "PAGE", 2)
    for number in range(1, 6):
        await client.post("/transaction", json={"amount": number, "desc": ""})
    await client.delete("/transaction/2")
    whole = exact(await client.get("/transaction"))
    assert [one["id"] for one in whole["result"]] == [1, 3, 4, 5]
    pages = workshop.all_entries
    written: list[httpx.Response] = []

    async def with_writes(access: Any) -> Any:
        async for page in pages(access):
            yield page
            if not written:
                written.append(await client.delete("/transaction/4"))
                written.append(await client.post("/transaction", json={"amount": 9, "desc": ""}))

    monkeypatch.setattr(workshop, "all_entries", with_writes)
    assert exact(await client.get("/transaction")) == whole
    assert [response.status_code for response in written] == [200, 200]
    monkeypatch.setattr(workshop, "all_entries", pages)
    assert [one["id"] for one in exact(await client.get("/transaction"))["result"]] == [1, 3, 5, 6]


async def test_each_length_of_list_is_whole(local: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "PAGE", 2)
    for number in range(6):
        assert [one["id"] for one in exact(await local.get("/transaction"))["result"]] == list(range(1, number + 1))
        await local.post("/transaction", json={"amount": 1, "desc": ""})
