"""Writing and reading transactions."""

import pytest

from tests.graphql.api import Api

pytestmark = pytest.mark.anyio


async def test_a_transaction_comes_back_whole(api: Api) -> None:
    food = await api.category("Food 🍜")
    made = await api.created(
        "-1234.50",
        "2026-02-28",
        currency="EUR",
        merchant="Café ☕ עברית",
        description="two\nlines 👩‍👩‍👧",
        categoryId=food,
        tags=["Trip", "trip ", "Ärger"],
        externalId="bank-1",
    )
    assert made["amount"] == {"value": "-1234.50", "currency": "EUR", "minorUnits": "-123450"}
    assert made["tags"] == [{"name": "Trip"}, {"name": "Ärger"}]
    read = await api.read('transaction(externalId: "bank-1") { id merchant description date category { name } }')
    assert read["transaction"] == {
        "id": made["id"],
        "merchant": "Café ☕ עברית",
        "description": "two\nlines 👩‍👩‍👧",
        "date": "2026-02-28",
        "category": {"name": "Food 🍜"},
    }


async def test_every_answer_tells_the_ledgers_version(api: Api) -> None:
    answer = await api.answer("query($ledger: ID!) { ledger(id: $ledger) { name } }")
    assert answer["extensions"]["ledger"] == {"id": api.ledger, "version": 1}
    made = await api.create()
    assert made["ledgerVersion"] == 2
    answer = await api.answer("query($ledger: ID!) { ledger(id: $ledger) { version } }")
    assert answer["extensions"]["ledger"]["version"] == answer["data"]["ledger"]["version"] == 2
    assert "ledger" in (await api.answer("{ __typename }"))["extensions"]


async def test_a_patch_changes_what_it_names_and_null_empties(api: Api) -> None:
    made = await api.created(merchant="Bakery", description="bread", tags=["a"])
    fields = "transaction { merchant description amount { value currency } tags { name } version }"
    given = {"id": made["id"], "description": None, "amount": {"value": 3}, "ifVersion": made["version"]}
    payload = await api.mutate("updateTransaction", "UpdateTransactionInput", given, fields)
    assert payload["transaction"] == {
        "merchant": "Bakery",
        "description": None,
        "amount": {"value": "3.00", "currency": "USD"},
        "tags": [{"name": "a"}],
        "version": 3,
    }
    stale = await api.mutate("updateTransaction", "UpdateTransactionInput", given, fields)
    assert stale["userErrors"] == [{"code": "VERSION_CONFLICT", "path": ["ifVersion"]}]


async def test_an_amount_keeps_its_value_in_another_currency_only_if_it_can(api: Api) -> None:
    made = await api.created("12.50")
    given = {"id": made["id"], "amount": {"value": "12.50", "currency": "JPY"}}
    payload = await api.mutate("updateTransaction", "UpdateTransactionInput", given, "transaction { id }")
    assert payload["userErrors"] == [{"code": "AMOUNT_TOO_PRECISE", "path": ["amount", "value"]}]


async def test_the_life_of_a_transaction(api: Api) -> None:
    made = await api.created(merchant="Shop")
    given = {"id": made["id"]}
    refused = await api.mutate("purgeTransaction", "EntityInput", given, "transaction { id }")
    assert refused["userErrors"][0]["code"] == "NOT_DELETED"
    deleted = await api.mutate("deleteTransaction", "EntityInput", given, "transaction { deleted }")
    assert deleted["transaction"] == {"deleted": True}
    listed = await api.read("transactions { totalCount } trash: transactions(deleted: ONLY) { totalCount }")
    assert listed == {"transactions": {"totalCount": 0}, "trash": {"totalCount": 1}}
    again = await api.mutate("deleteTransaction", "EntityInput", given, "transaction { id }")
    assert again["userErrors"][0]["code"] == "DELETED"
    await api.mutate("restoreTransaction", "EntityInput", given, "transaction { id }")
    assert (await api.read("transactions { totalCount }"))["transactions"]["totalCount"] == 1
    await api.mutate("deleteTransaction", "EntityInput", given, "transaction { id }")
    await api.mutate("purgeTransaction", "EntityInput", given, "transaction { id }")
    gone = await api.data("query($id: ID!) { node(id: $id) { id } }", id=made["id"])
    assert gone == {"node": None}
    feed = await api.read("changes { nodes { operation before { id } after { id } } }")
    operations = [change["operation"] for change in feed["changes"]["nodes"]]
    assert operations == ["CREATE", "CREATE", "DELETE", "RESTORE", "DELETE", "PURGE"]
    assert all(change["after"] is None for change in feed["changes"]["nodes"][1:])


async def test_delete_all_with_a_filter_and_undo(api: Api) -> None:
    for number in range(5):
        await api.created(number, merchant=f"Shop {number % 2}")
    given = {"ledgerId": api.ledger, "filter": {"merchant": {"eq": "SHOP 1"}}}
    payload = await api.mutate("deleteAllTransactions", "AllTransactionsInput", given, "count ledgerVersion")
    assert payload["count"] == 2
    assert (await api.read("transactions { totalCount }"))["transactions"]["totalCount"] == 3
    undone = await api.mutate(
        "undo", "UndoInput", {"ledgerId": api.ledger, "version": payload["ledgerVersion"]}, "nodes { id }"
    )
    assert len(undone["nodes"]) == 2
    assert (await api.read("transactions { totalCount }"))["transactions"]["totalCount"] == 5


async def test_history_and_as_of(api: Api) -> None:
    made = await api.created("1.00", merchant="First")
    await api.mutate(
        "updateTransaction", "UpdateTransactionInput", {"id": made["id"], "merchant": "Second"}, "transaction { id }"
    )
    fields = "version transactions { nodes { merchant } totalCount } totals { count amount { value } }"
    before = await api.read(fields, as_of={"version": 2})
    assert before["transactions"] == {"nodes": [{"merchant": "First"}], "totalCount": 1}
    empty = await api.read(fields, as_of={"version": 1})
    assert empty == {"version": 1, "transactions": {"nodes": [], "totalCount": 0}, "totals": []}
    instants = await api.read("changes { nodes { version at } }")
    at = next(change["at"] for change in instants["changes"]["nodes"] if change["version"] == 2)
    assert (await api.read("version", as_of={"instant": at}))["version"] == 2
    node = "query($id: ID!) { node(id: $id, asOf: {version: 2}) { ... on Transaction { merchant history { totalCount } } } }"
    assert (await api.data(node, id=made["id"]))["node"] == {"merchant": "First", "history": {"totalCount": 1}}
    history = "query($id: ID!) { node(id: $id) { ... on Entity { history(first: 1) { nodes { operation before { ... on Transaction { merchant } } } pageInfo { hasNextPage } } } } }"
    (change,) = (await api.data(history, id=made["id"]))["node"]["history"]["nodes"]
    assert change == {"operation": "UPDATE", "before": {"merchant": "First"}}


async def test_an_idempotency_key_answers_again_and_refuses_another_request(api: Api) -> None:
    first = await api.create("1.00", idempotencyKey="k")
    again = await api.create("1.00", idempotencyKey="k")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["transaction"] == first["transaction"]
    other = await api.create("2.00", idempotencyKey="k")
    assert other["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert (await api.read("transactions { totalCount }"))["transactions"]["totalCount"] == 1


async def test_a_dry_run_writes_nothing(api: Api) -> None:
    payload = await api.create("1.00", merchant="Perhaps", dryRun=True)
    assert payload["transaction"]["merchant"] == "Perhaps"
    assert await api.read("version transactions { totalCount }") == {"version": 1, "transactions": {"totalCount": 0}}


async def test_a_batch_gives_each_row_its_result(api: Api) -> None:
    made = await api.created("1.00")
    operations = [
        {"create": {"amount": {"value": "2.00"}, "date": "2026-01-01", "tags": ["new"]}},
        {"create": {"amount": {"value": "0.001"}, "date": "2026-01-01", "tags": ["never"]}},
        {"update": {"id": made["id"], "merchant": "Renamed"}},
        {"delete": {"id": made["id"], "ifVersion": 99}},
    ]
    answer = "ledgerVersion results { index transaction { merchant } userErrors { code path } }"
    given = {"ledgerId": api.ledger, "operations": operations}
    aborted = await api.mutate("writeTransactions", "WriteTransactionsInput", given, answer)
    codes = [[error["code"] for error in result["userErrors"]] for result in aborted["results"]]
    assert codes == [["BATCH_ABORTED"], ["AMOUNT_TOO_PRECISE"], ["BATCH_ABORTED"], ["VERSION_CONFLICT"]]
    assert (await api.read("version"))["version"] == 2
    done = await api.mutate("writeTransactions", "WriteTransactionsInput", {**given, "atomic": False}, answer)
    assert done["ledgerVersion"] == 3
    assert [bool(result["userErrors"]) for result in done["results"]] == [False, True, False, True]
    assert (await api.read("tags { nodes { name } }"))["tags"]["nodes"] == [{"name": "new"}]


async def test_a_batch_of_a_thousand_rows_and_no_more(api: Api) -> None:
    rows = [{"create": {"amount": {"value": row}, "date": "2026-01-01"}} for row in range(1001)]
    given = {"ledgerId": api.ledger, "operations": rows}
    refused = await api.mutate("writeTransactions", "WriteTransactionsInput", given, "results { index }")
    assert refused["userErrors"] == [{"code": "TOO_LONG", "path": ["operations"]}]
    done = await api.mutate(
        "writeTransactions", "WriteTransactionsInput", {**given, "operations": rows[1:]}, "results { index }"
    )
    assert len(done["results"]) == 1000
    assert (await api.read("version transactions { totalCount }")) == {
        "version": 2,
        "transactions": {"totalCount": 1000},
    }
