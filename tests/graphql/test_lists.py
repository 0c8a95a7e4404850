"""Connections, filters and totals as a client sees them."""

from typing import Any

import pytest

from tests.graphql.api import Api

pytestmark = pytest.mark.anyio

PAGE = """
query Page($ledger: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: TransactionFilter,
           $orderBy: [TransactionOrder!]) {
  ledger(id: $ledger) {
    transactions(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      totalCount nodes { number }
      edges { cursor }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


async def page(api: Api, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await api.data(PAGE, **variables))["ledger"]["transactions"]
    return found


def numbers(found: dict[str, Any]) -> list[int]:
    return [node["number"] for node in found["nodes"]]


async def test_pages_forwards_and_backwards_while_rows_come_and_go(api: Api) -> None:
    made = [await api.created(day, f"2026-02-{day:02}") for day in range(1, 11)]
    first = await page(api, first=3)
    assert numbers(first) == [10, 9, 8]
    assert first["pageInfo"]["hasNextPage"]
    assert not first["pageInfo"]["hasPreviousPage"]
    assert first["totalCount"] == 10
    await api.created(1, "2026-02-28")  # before the first page
    await api.mutate("deleteTransaction", "EntityInput", {"id": made[7]["id"]}, "transaction { id }")  # its last row
    second = await page(api, first=3, after=first["pageInfo"]["endCursor"])
    assert numbers(second) == [7, 6, 5]
    assert second["pageInfo"]["hasPreviousPage"]
    back = await page(api, last=3, before=second["pageInfo"]["startCursor"])
    assert numbers(back) == [11, 10, 9]
    assert back["pageInfo"]["hasNextPage"]
    assert not back["pageInfo"]["hasPreviousPage"]
    assert numbers(await page(api, last=2)) == [2, 1]
    assert numbers(await page(api, first=0)) == []


async def test_several_sort_keys(api: Api) -> None:
    for value, currency, merchant in ((5, "USD", "b"), (3, "EUR", "A"), (5, "USD", "a"), (9, "EUR", "b")):
        await api.created(value, currency=currency, merchant=merchant)
    by_amount = [{"by": "AMOUNT", "direction": "DESC"}, {"by": "MERCHANT"}]
    assert numbers(await page(api, orderBy=by_amount)) == [3, 1, 4, 2]
    by_merchant = [{"by": "MERCHANT"}, {"by": "CREATED", "direction": "DESC"}]
    assert numbers(await page(api, orderBy=by_merchant)) == [3, 2, 4, 1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"merchant": {"contains": "CAFE"}}, [1]),
        ({"text": "rennrad straße"}, [2]),
        ({"text": "100%"}, [3]),
        ({"merchant": {"startsWith": "_"}}, [3]),
        ({"amount": {"gte": "10", "lt": "20"}}, [1, 3]),
        ({"amount": {"gt": "1.5", "currency": "JPY"}}, [3]),
        ({"currency": ["EUR", "JPY"]}, [2, 3]),
        ({"category": {"named": ["Living"]}}, [1, 2]),
        ({"category": {"none": True}}, [3, 4]),
        ({"tag": {"named": ["FUN"]}}, [2, 4]),
        ({"tag": {"none": True}}, [1, 3]),
        ({"date": {"gte": "2026-02-02", "lte": "2026-02-03"}}, [2, 3]),
        ({"or": [{"merchant": {"eq": "Café"}}, {"amount": {"lt": "0"}}]}, [1, 4]),
        ({"not": {"category": {"named": ["Food"]}}}, [2, 3, 4]),
        ({"and": [{"not": {"tag": {"none": True}}}, {"not": {"currency": ["EUR"]}}]}, [4]),
        ({"or": []}, []),
        ({"and": []}, [1, 2, 3, 4]),
        ({"externalId": ["x-4", "x-9"]}, [4]),
    ],
)
async def test_filters(api: Api, wanted: dict[str, Any], expected: list[int]) -> None:
    living = await api.category("Living")
    food = await api.category("Food", living)
    await api.created("10.00", "2026-02-01", merchant="Café", categoryId=food)
    await api.created(
        "99.99",
        "2026-02-02",
        currency="EUR",
        merchant="Rennrad",
        description="Hauptstrasse",
        categoryId=living,
        tags=["fun"],
    )
    await api.created(15, "2026-02-03", currency="JPY", merchant="_100% Wool_")
    await api.created("-3.00", "2026-02-04", tags=["Fun", "refund"], externalId="x-4")
    found = await page(api, filter=wanted, orderBy=[{"by": "CREATED"}])
    assert numbers(found) == expected
    assert found["totalCount"] == len(expected)


async def test_totals_are_exact_and_never_across_currencies(api: Api) -> None:
    food = await api.category("Food")
    for value, currency, date, category in (
        ("0.10", "USD", "2026-01-31", food),
        ("0.20", "USD", "2026-02-01", food),
        ("0.30", "USD", "2026-02-28", None),
        ("-0.30", "USD", "2026-02-28", None),
        (7, "JPY", "2026-02-11", None),
    ):
        await api.created(value, date, currency=currency, categoryId=category)
    fields = "totals(groupBy: [MONTH, CATEGORY]) { month category { name } count amount { value currency } }"
    rows = [
        (
            row["month"],
            row["category"] and row["category"]["name"],
            row["count"],
            row["amount"]["value"],
            row["amount"]["currency"],
        )
        for row in (await api.read(fields))["totals"]
    ]
    assert rows == [
        ("2026-01", "Food", 1, "0.10", "USD"),
        ("2026-02", None, 1, "7", "JPY"),
        ("2026-02", None, 2, "0.00", "USD"),
        ("2026-02", "Food", 1, "0.20", "USD"),
    ]
    plain = (await api.read("totals { count amount { value currency } }"))["totals"]
    assert plain == [
        {"count": 1, "amount": {"value": "7", "currency": "JPY"}},
        {"count": 4, "amount": {"value": "0.30", "currency": "USD"}},
    ]


async def test_budgets_tell_what_is_spent_and_left(api: Api) -> None:
    living = await api.category("Living")
    food = await api.category("Food", living)
    given = {"ledgerId": api.ledger, "month": "2026-02", "amount": {"value": "100"}, "categoryId": living}
    fields = "budget { month amount { value } spent { value } remaining { value } category { name } }"
    await api.mutate("setBudget", "SetBudgetInput", given, fields)
    await api.created("130.25", "2026-02-28", categoryId=food)
    await api.created("-10.25", "2026-02-01", categoryId=living)
    await api.created("50", "2026-03-01", categoryId=food)
    await api.created("50", "2026-02-01", currency="EUR", categoryId=food)
    payload = await api.mutate("setBudget", "SetBudgetInput", {**given, "amount": {"value": "90"}}, fields)
    assert payload["budget"] == {
        "month": "2026-02",
        "amount": {"value": "90.00"},
        "spent": {"value": "120.00"},
        "remaining": {"value": "-30.00"},
        "category": {"name": "Living"},
    }
    assert len((await api.read('budgets(month: "2026-02") { nodes { id } }'))["budgets"]["nodes"]) == 1


async def test_the_tree_of_categories(api: Api) -> None:
    top = await api.category("A")
    middle = await api.category("B", top)
    await api.category("C", middle)
    tree = await api.read(
        "categories(roots: true) { nodes { name children { nodes { name path children { nodes { path } } } } } }"
    )
    assert tree["categories"]["nodes"] == [
        {
            "name": "A",
            "children": {
                "nodes": [{"name": "B", "path": ["A", "B"], "children": {"nodes": [{"path": ["A", "B", "C"]}]}}]
            },
        }
    ]
    loop = await api.mutate("updateCategory", "UpdateCategoryInput", {"id": top, "parentId": middle}, "category { id }")
    assert loop["userErrors"] == [{"code": "INVALID", "path": ["parentId"]}]
    used = await api.mutate("deleteCategory", "EntityInput", {"id": middle}, "category { id }")
    assert used["userErrors"] == [{"code": "IN_USE", "path": ["id"]}]
    twin = await api.mutate(
        "createCategory", "CreateCategoryInput", {"name": "à", "ledgerId": api.ledger}, "category { id }"
    )
    assert twin["userErrors"] == [{"code": "ALREADY_EXISTS", "path": ["name"]}]
