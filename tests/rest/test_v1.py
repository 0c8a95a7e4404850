"""The v1 dialect on every engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.ledgers.ids import GlobalId

if TYPE_CHECKING:
    import httpx

pytestmark = pytest.mark.anyio

PATH = "/api/v1/transactions"
JSON = {"Content-Type": "application/json"}


def exact(response: httpx.Response) -> Any:
    """The answer with its numbers digit for digit."""
    assert response.headers["content-type"] == "application/json"
    return json.loads(response.text, parse_float=Decimal)


async def add(client: httpx.AsyncClient, **fields: Any) -> Any:
    response = await client.post(PATH, json={"amount": 1, **fields})
    assert response.status_code == 201, response.text
    return exact(response)


async def test_health(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/health")
    assert response.status_code == 200
    health = response.json()
    assert datetime.fromisoformat(health.pop("timestamp")).tzinfo is not None
    assert health == {"status": "ok", "database": "up", "redis": "off"}


async def test_a_transaction_comes_back_as_it_was_sent(client: httpx.AsyncClient) -> None:
    body = (
        '{"amount": 9999999999999.99, "currency": "EUR", "merchant": "Café \U0001f600 \u05e9\u05dc\u05d5\u05dd", '
        '"description": "one\\ntwo", "date": "2024-02-29"}'
    )
    response = await client.post(PATH, content=body.encode(), headers=JSON)
    assert response.status_code == 201
    made = exact(response)
    assert made == {
        "id": 1,
        "amount": Decimal("9999999999999.99"),
        "currency": "EUR",
        "merchant": "Café \U0001f600 \u05e9\u05dc\u05d5\u05dd",
        "description": "one\ntwo",
        "date": "2024-02-29",
    }
    assert '"amount":9999999999999.99' in response.text
    assert response.headers["location"] == f"{PATH}/1"
    read = await client.get(response.headers["location"])
    assert (read.status_code, exact(read)) == (200, made)
    assert read.headers["etag"] == response.headers["etag"]
    assert exact(await client.get(PATH)) == {"transactions": [made], "total": 1}


async def test_what_is_left_out_has_its_default(client: httpx.AsyncClient) -> None:
    before = datetime.now(UTC).date()
    made = await add(client, amount=-3)
    after = datetime.now(UTC).date()
    assert made["date"] in (before.isoformat(), after.isoformat())
    assert {**made, "date": None} == {
        "id": 1,
        "amount": Decimal("-3.00"),
        "currency": "USD",
        "merchant": "",
        "description": "",
        "date": None,
    }
    same = await add(client, amount=-3, currency=None, merchant=None, description=None, date=None)
    assert {**same, "id": 1, "date": made["date"]} == made


@pytest.mark.parametrize(
    ("currency", "sent", "shown"),
    [
        ("JPY", "1250", "1250"),
        ("JPY", "1250.0", "1250"),
        ("KWD", "1.234", "1.234"),
        ("USD", "0.1", "0.10"),
        ("USD", "1e3", "1000.00"),
        ("USD", "-0", "0.00"),
        ("USD", "0.00", "0.00"),
        ("USD", "-9999999999999.99", "-9999999999999.99"),
    ],
)
async def test_amounts_are_exact(local: httpx.AsyncClient, currency: str, sent: str, shown: str) -> None:
    body = f'{{"amount": {sent}, "currency": "{currency}"}}'
    response = await local.post(PATH, content=body, headers=JSON)
    assert response.status_code == 201, response.text
    assert f'"amount":{shown},' in response.text


@pytest.mark.parametrize("text", ["2026-02-28T23:59:59Z", "2026-02-28T00:00:00.000+14:00", "2026-02-28 10:00"])
async def test_of_a_date_with_a_time_the_day_is_kept(local: httpx.AsyncClient, text: str) -> None:
    assert (await add(local, date=text))["date"] == "2026-02-28"


async def test_the_list_is_newest_first_in_parts(client: httpx.AsyncClient) -> None:
    days = ["2026-01-02", "2026-01-01", "2026-01-02", "2025-12-31", "2026-01-03"]
    for day in days:
        await add(client, date=day)
    listed = [5, 3, 1, 2, 4]
    whole = exact(await client.get(PATH))
    assert [one["id"] for one in whole["transactions"]] == listed
    assert whole["total"] == 5
    for skip in range(7):
        for limit in (1, 2, 5, 1000):
            part = exact(await client.get(PATH, params={"skip": skip, "limit": limit}))
            assert part["total"] == 5
            assert part["transactions"] == whole["transactions"][skip : skip + limit]
    deep = exact(await client.get(PATH, params={"skip": 2**63 - 1}))
    assert deep == {"transactions": [], "total": 5}


async def test_what_is_deleted_is_gone(client: httpx.AsyncClient) -> None:
    await add(client)
    kept = await add(client)
    response = await client.delete(f"{PATH}/1")
    assert (response.status_code, response.content) == (204, b"")
    assert exact(await client.get(PATH)) == {"transactions": [kept], "total": 1}
    for again in (await client.get(f"{PATH}/1"), await client.delete(f"{PATH}/1")):
        assert again.status_code == 404
        assert set(exact(again)) == {"detail"}


@pytest.mark.parametrize("unknown", ["2", "0", "-1", "9223372036854775807", "9223372036854775808", "1" * 100])
async def test_an_unknown_id_is_404(local: httpx.AsyncClient, unknown: str) -> None:
    await add(local)
    for method in ("GET", "DELETE"):
        response = await local.request(method, f"{PATH}/{unknown}")
        assert response.status_code == 404, response.text
        assert isinstance(exact(response)["detail"], str)
    assert exact(await local.get(PATH))["total"] == 1


@pytest.mark.parametrize(
    ("body", "loc", "rule"),
    [
        ("{}", ["body", "amount"], "missing"),
        ('{"amount": null}', ["body", "amount"], "number_type"),
        ('{"amount": "12.50"}', ["body", "amount"], "number_type"),
        ('{"amount": true}', ["body", "amount"], "number_type"),
        ('{"amount": [1]}', ["body", "amount"], "number_type"),
        ('{"amount": 1.005}', ["body", "amount"], "amount_too_precise"),
        ('{"amount": 0.30000000000000004}', ["body", "amount"], "amount_too_precise"),
        ('{"amount": 1.5, "currency": "JPY"}', ["body", "amount"], "amount_too_precise"),
        ('{"amount": 1e400}', ["body", "amount"], "amount_out_of_range"),
        ('{"amount": 1e-400}', ["body", "amount"], "amount_too_precise"),
        ('{"amount": 123456789012345678901234567890}', ["body", "amount"], "amount_out_of_range"),
        (f'{{"amount": {"9" * 4300}}}', ["body", "amount"], "amount_out_of_range"),
        (f'{{"amount": 0.{"1" * 50000}}}', ["body", "amount"], "amount_too_precise"),
        ('{"amount": 10000000000000}', ["body", "amount"], "amount_out_of_range"),
        ('{"amount": 1, "currency": "usd"}', ["body", "currency"], "string_pattern_mismatch"),
        ('{"amount": 1, "currency": "ABC"}', ["body", "currency"], "currency_unknown"),
        ('{"amount": 1, "currency": "DEM"}', ["body", "currency"], "currency_unknown"),
        ('{"amount": 1, "currency": 840}', ["body", "currency"], "string_type"),
        ('{"amount": 1, "date": "2026-02-31"}', ["body", "date"], "date_invalid"),
        ('{"amount": 1, "date": "0000-01-01"}', ["body", "date"], "date_invalid"),
        ('{"amount": 1, "date": "10000-01-01"}', ["body", "date"], "string_pattern_mismatch"),
        ('{"amount": 1, "date": "yesterday"}', ["body", "date"], "string_pattern_mismatch"),
        ('{"amount": 1, "date": 20260228}', ["body", "date"], "string_type"),
        ('{"amount": 1, "merchant": 5}', ["body", "merchant"], "string_type"),
        ('{"amount": 1, "merchant": "a\\u0000b"}', ["body", "merchant"], "invalid"),
        ('{"amount": 1, "merchant": "a\\nb"}', ["body", "merchant"], "invalid"),
        (f'{{"amount": 1, "merchant": "{"m" * 201}"}}', ["body", "merchant"], "string_too_long"),
        (f'{{"amount": 1, "description": "{"d" * 1_000_000}"}}', ["body", "description"], "string_too_long"),
        ('{"amount": 1, "category": "food"}', ["body", "category"], "extra_forbidden"),
        ("[]", ["body"], "model_type"),
        ("null", ["body"], "model_type"),
        ("12.5", ["body"], "model_type"),
    ],
)
async def test_a_refused_body_is_422_with_where_and_why(
    local: httpx.AsyncClient, body: str, loc: list[str], rule: str
) -> None:
    response = await local.post(PATH, content=body, headers=JSON)
    assert response.status_code == 422, response.text
    (problem,) = exact(response)["detail"]
    assert (problem["loc"], problem["type"]) == (loc, rule)
    assert problem["msg"]
    assert exact(await local.get(PATH))["total"] == 0


async def test_everything_that_is_wrong_is_told_at_once(local: httpx.AsyncClient) -> None:
    shape = exact(await local.post(PATH, json={"amount": "x", "currency": 1, "more": 1}))
    assert [problem["loc"][-1] for problem in shape["detail"]] == ["amount", "currency", "more"]
    rules = exact(await local.post(PATH, json={"amount": 1, "currency": "ABC", "date": "2026-02-31"}))
    assert [problem["loc"][-1] for problem in rules["detail"]] == ["currency", "date"]


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        ("skip=-1", "skip"),
        ("skip=x", "skip"),
        ("skip=1.5", "skip"),
        ("skip=", "skip"),
        ("skip=9223372036854775808", "skip"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=1000000000", "limit"),
        ("limit=1&limit=2", "limit"),
        ("currency=EUR", "currency"),
        ("first=10", "first"),
    ],
)
async def test_a_refused_query(local: httpx.AsyncClient, query: str, loc: str) -> None:
    response = await local.get(f"{PATH}?{query}")
    assert response.status_code == 422
    assert exact(response)["detail"][0]["loc"] == ["query", loc]


@pytest.mark.parametrize("text", ["abc", "1.5", "%F0%9F%98%80", "1%00"])
async def test_an_id_that_is_no_number(local: httpx.AsyncClient, text: str) -> None:
    response = await local.get(f"{PATH}/{text}")
    assert response.status_code == 422
    assert exact(response)["detail"][0]["loc"] == ["path", "id"]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"amount": 1', JSON, 400),
        (b'{"amount": 1, "amount": 2}', JSON, 400),
        (b'{"amount": NaN}', JSON, 400),
        (b'{"amount": -Infinity}', JSON, 400),
        (b'{"amount": 1, "merchant": "\\ud800"}', JSON, 400),
        (b"", JSON, 400),
        (b'{"amount": 1}', {}, 415),
        (b'{"amount": 1}', {"Content-Type": "text/plain"}, 415),
        (b"amount=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (b'{"amount": 1}', {"Content-Type": "application/json; charset=latin-1"}, 415),
        (b'{"amount": 1}', {"Content-Type": "application/json; charset=utf-8"}, 201),
        (b'{"amount": 1}', {"Content-Type": "application/vnd.expense+json"}, 201),
    ],
)
async def test_bodies_by_type(local: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int) -> None:
    response = await local.post(PATH, content=content, headers=headers)
    assert response.status_code == status
    if status != 201:
        assert isinstance(exact(response)["detail"], str)
    assert exact(await local.get(PATH))["total"] == (1 if status == 201 else 0)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
async def test_a_wrong_method(local: httpx.AsyncClient, method: str) -> None:
    response = await local.request(method, PATH)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"
    assert "GET, HEAD, POST" in exact(response)["detail"]


async def test_an_unknown_path_is_told_in_the_dialect(local: httpx.AsyncClient) -> None:
    response = await local.get("/api/v1/nothing")
    assert response.status_code == 404
    assert set(exact(response)) == {"detail"}


async def test_an_idempotency_key_makes_a_write_once(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "order-1"}
    first = await client.post(PATH, json={"amount": 5}, headers=key)
    again = await client.post(PATH, json={"amount": 5}, headers=key)
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    other = await client.post(PATH, json={"amount": 6}, headers=key)
    assert other.status_code == 422
    assert exact(other)["detail"][0]["loc"] == ["header", "Idempotency-Key"]
    assert exact(await client.get(PATH))["total"] == 1
    for replayed in (None, "true"):
        gone = await client.delete(
            f"{PATH}/1", headers={"Idempotency-Key": "delete-1", "If-Match": first.headers["etag"]}
        )
        assert (gone.status_code, gone.headers.get("idempotent-replayed")) == (204, replayed)


@pytest.mark.parametrize("key", ["", "k" * 256, "\x01"])
async def test_a_refused_idempotency_key(local: httpx.AsyncClient, key: str) -> None:
    response = await local.post(PATH, json={"amount": 5}, headers={"Idempotency-Key": key})
    assert response.status_code == 422
    assert exact(response)["detail"][0]["loc"] == ["header", "Idempotency-Key"]


async def test_entity_tags(client: httpx.AsyncClient) -> None:
    await add(client)
    tag = (await client.get(f"{PATH}/1")).headers["etag"]
    await add(client)  # advances the ledger, and not the first transaction
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        unchanged = await client.get(f"{PATH}/1", headers={"If-None-Match": known})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    assert (await client.get(f"{PATH}/1", headers={"If-None-Match": '"x"'})).status_code == 200
    for other in ('"999"', f"W/{tag}", '"x"', '"99999999999999999999"'):
        refused = await client.delete(f"{PATH}/1", headers={"If-Match": other})
        assert refused.status_code == 412, refused.text
        assert isinstance(exact(refused)["detail"], str)
    for malformed in (tag.strip('"'), f'{tag}, "x"', ""):
        refused = await client.delete(f"{PATH}/1", headers={"If-Match": malformed})
        assert refused.status_code == 422
        assert exact(refused)["detail"][0]["loc"] == ["header", "If-Match"]
    assert (await client.delete(f"{PATH}/1", headers={"If-Match": tag})).status_code == 204
    assert (await client.delete(f"{PATH}/2", headers={"If-Match": "*"})).status_code == 204


async def test_a_ledger_is_named_by_number_or_global_id(local: httpx.AsyncClient) -> None:
    await add(local)
    for name in ("1", str(GlobalId("Ledger", 1))):
        assert exact(await local.get(PATH, headers={"X-Ledger-Id": name}))["total"] == 1
    for name in ("2", "9" * 30, str(GlobalId("Ledger", 2))):
        for response in (
            await local.get(PATH, headers={"X-Ledger-Id": name}),
            await local.post(PATH, json={"amount": 1}, headers={"X-Ledger-Id": name}),
            await local.get(f"{PATH}/1", headers={"X-Ledger-Id": name}),
            await local.delete(f"{PATH}/1", headers={"X-Ledger-Id": name}),
        ):
            assert response.status_code == 404
            assert exact(response) == {"detail": "There is no such ledger."}
    for name in ("", "x", "-1", "1.0", str(GlobalId("Category", 1, 1)), "\xb9"):
        response = await local.get(PATH, headers=[(b"X-Ledger-Id", name.encode("latin-1"))])
        assert response.status_code == 422
        assert exact(response)["detail"][0]["loc"] == ["header", "X-Ledger-Id"]


async def test_head_is_answered_like_get(local: httpx.AsyncClient) -> None:
    await add(local)
    got, head = await local.get(f"{PATH}/1"), await local.head(f"{PATH}/1")
    assert head.status_code == 200
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-length"] == got.headers["content-length"]
