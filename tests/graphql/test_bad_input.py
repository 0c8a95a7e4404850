"""What a client may get wrong: each is told by field and rule, and changes nothing."""

from typing import Any

import pytest

from tests.graphql.api import CREATE, Api

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"value": "1.234"}, "AMOUNT_TOO_PRECISE", ["amount", "value"]),
        ({"value": "1.5", "currency": "JPY"}, "AMOUNT_TOO_PRECISE", ["amount", "value"]),
        ({"value": "1" * 30}, "AMOUNT_OUT_OF_RANGE", ["amount", "value"]),
        ({"value": int("9" * 16)}, "AMOUNT_OUT_OF_RANGE", ["amount", "value"]),
        ({"currency": "XYZ"}, "CURRENCY_UNKNOWN", ["amount", "currency"]),
        ({"currency": "DEM"}, "CURRENCY_UNKNOWN", ["amount", "currency"]),
        ({"currency": "usd"}, "CURRENCY_UNKNOWN", ["amount", "currency"]),
        ({"currency": "XAU"}, "CURRENCY_UNKNOWN", ["amount", "currency"]),
        ({"merchant": "nul \0 inside"}, "INVALID", ["merchant"]),
        ({"merchant": "a\nb"}, "INVALID", ["merchant"]),
        ({"merchant": "x" * 201}, "TOO_LONG", ["merchant"]),
        ({"description": "x" * 1_000_000}, "TOO_LONG", ["description"]),
        ({"tags": ["x"] * 21}, "TOO_LONG", ["tags"]),
        ({"tags": ["ok", ""]}, "REQUIRED", ["tags", "1"]),
        ({"externalId": "x" * 201}, "TOO_LONG", ["externalId"]),
        ({"idempotencyKey": ""}, "REQUIRED", ["idempotencyKey"]),
        ({"categoryId": "TGVkZ2VyOjE"}, "ID_INVALID", ["categoryId"]),
        ({"categoryId": "nonsense"}, "ID_INVALID", ["categoryId"]),
        ({"categoryId": "Q2F0ZWdvcnk6MTox"}, "ID_INVALID", ["categoryId"]),
    ],
)
async def test_a_field_that_is_wrong(api: Api, fields: dict[str, Any], code: str, path: list[str]) -> None:
    payload = await api.create(**fields)
    assert payload["transaction"] is None
    assert payload["ledgerVersion"] is None
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [(code, path)]
    assert (await api.read("version"))["version"] == 1


async def test_all_that_is_wrong_is_told_at_once(api: Api) -> None:
    payload = await api.create("1.234", currency="USD", merchant="\0", tags=[""])
    assert {tuple(error["path"]) for error in payload["userErrors"]} == {
        ("amount", "value"),
        ("merchant",),
        ("tags", "0"),
    }


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-inf", "1e400", "1e2", "", "12,50", "١٢", True, [], {}, None])
async def test_what_is_no_decimal(api: Api, value: Any) -> None:
    given = {"amount": {"value": value}, "date": "2026-01-01", "ledgerId": api.ledger}
    error = await api.error(CREATE, input=given)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "amount.value" in error["message"]


@pytest.mark.parametrize("number", ["1e400", "1e999999999", "-1e400", "1" + "0" * 300])
async def test_numbers_beyond_all_measure(api: Api, number: str) -> None:
    body = '{"query": "mutation { createTransaction(input: {amount: {value: %s}, date: \\"2026-01-01\\"}) { userErrors { code } } }"}'
    response = await api.http.post("/graphql", content=body % number, headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert "OUT_OF_RANGE" in response.text or "Decimal" in response.text


async def test_decimals_in_the_document_are_exact(api: Api) -> None:
    query = (
        "mutation($ledger: ID!) { createTransaction(input: {ledgerId: $ledger, amount: {value: 1234567890123.45}, "
        'date: "2026-01-01"}) { transaction { amount { minorUnits } } userErrors { code } } }'
    )
    made = (await api.data(query))["createTransaction"]
    assert made == {"transaction": {"amount": {"minorUnits": "123456789012345"}}, "userErrors": []}


@pytest.mark.parametrize(
    "day", ["2026-02-31", "0000-01-01", "0999-12-31", "10000-01-01", "2026-2-1", "20260201", "٢٠٢٦-٠١-٠١", 5]
)
async def test_what_is_no_day(api: Api, day: Any) -> None:
    error = await api.error(CREATE, input={"amount": {"value": 1}, "date": day, "ledgerId": api.ledger})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "date" in error["message"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: -1", "PAGE_INVALID"),
        ("first: 1000000000", "LIMIT_EXCEEDED"),
        ("first: 1, last: 1", "PAGE_INVALID"),
        ("last: -5", "PAGE_INVALID"),
        ('after: "forged"', "CURSOR_INVALID"),
        ('before: "AAAAAAAAAAAAAAAA"', "CURSOR_INVALID"),
        ('filter: {tag: {in: ["x"]}}', "ID_INVALID"),
        ('filter: {currency: ["DEM"]}', "CURRENCY_UNKNOWN"),
        ("filter: " + "{not: " * 11 + "{}" + "}" * 11, "FILTER_INVALID"),
        ("filter: {or: [" + ", ".join(['{text: "a"}'] * 150) + "]}", "FILTER_INVALID"),
        ('filter: {currency: ["USD"], externalId: [' + '"x",' * 300 + "]}", "FILTER_INVALID"),
    ],
)
async def test_arguments_that_are_wrong(api: Api, arguments: str, code: str) -> None:
    error = await api.error(
        f"query($ledger: ID!) {{ ledger(id: $ledger) {{ transactions({arguments}) {{ totalCount }} }} }}"
    )
    assert error["extensions"]["code"] == code


async def test_a_cursor_of_another_query(api: Api) -> None:
    await api.created()
    found = await api.read("transactions { pageInfo { endCursor } } changes { pageInfo { endCursor } }")
    cursor = found["transactions"]["pageInfo"]["endCursor"]
    other = f'query($ledger: ID!) {{ ledger(id: $ledger) {{ transactions(after: "{cursor}", filter: {{text: "x"}}) {{ totalCount }} }} }}'
    assert (await api.error(other))["extensions"]["code"] == "CURSOR_INVALID"
    flipped = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    forged = f'query($ledger: ID!) {{ ledger(id: $ledger) {{ transactions(after: "{flipped}") {{ totalCount }} }} }}'
    assert (await api.error(forged))["extensions"]["code"] == "CURSOR_INVALID"


async def test_ids_of_another_kind_or_ledger(api: Api, http: Any) -> None:
    made = await api.created()
    wrong_kind = await api.mutate("deleteTag", "EntityInput", {"id": made["id"]}, "tag { id }")
    assert wrong_kind["userErrors"][0]["code"] == "ID_INVALID"
    other = Api(http)
    query = 'mutation { createLedger(input: {name: "Other", currency: "EUR"}) { ledger { id } userErrors { code } } }'
    other.ledger = (await other.data(query))["createLedger"]["ledger"]["id"]
    given = {"ledgerId": other.ledger, "operations": [{"delete": {"id": made["id"]}}]}
    payload = await other.mutate("writeTransactions", "WriteTransactionsInput", given, "ledgerVersion")
    assert payload["userErrors"] == [{"code": "ID_INVALID", "path": ["operations", "0", "delete", "id"]}]
    unknown = await api.error('{ ledger(id: "TGVkZ2VyOjk5OTk5") { name } }')
    assert unknown["extensions"]["code"] == "NOT_FOUND"


async def test_versions_that_are_not_there(api: Api) -> None:
    query = "query($ledger: ID!, $version: Int!) { ledger(id: $ledger, asOf: {version: $version}) { name } }"
    for version in (0, -1, 2, 2**31 - 1):
        assert (await api.error(query, version=version))["extensions"]["code"] == "NOT_FOUND"
    early = 'query($ledger: ID!) { ledger(id: $ledger, asOf: {instant: "1999-01-01T00:00:00Z"}) { name } }'
    assert (await api.error(early))["extensions"]["code"] == "NOT_FOUND"
    both = 'query($ledger: ID!) { ledger(id: $ledger, asOf: {version: 1, instant: "2026-01-01T00:00:00Z"}) { name } }'
    assert (await api.error(both))["extensions"]["code"] == "BAD_USER_INPUT"


async def test_right_to_left_and_combining_text_is_kept_in_nfc(api: Api) -> None:
    made = await api.created(merchant="e\u0301galite\u0301 \u202bשלום\u202c \U0001f1ea\U0001f1fa")
    assert made["merchant"] == "égalité \u202bשלום\u202c 🇪🇺"
