"""The cache of answers: never stale, whoever wrote and whoever asks, and no answer differs from one made anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType
from prometheus_client import REGISTRY
from pydantic import SecretStr
from redis.asyncio import Redis

from graphql_api.cache.redis import open_redis
from graphql_api.http.footprints import UNCACHED, kinds_of
from graphql_api.http.schema import GRAPHQL_SCHEMA
from tests.database.test_interrupt import until
from tests.graphql.api import Api
from tests.graphql.conftest import migrated, serving

pytestmark = pytest.mark.anyio

FIELDS = [
    "id",
    "name currency createdAt",
    "version updatedAt versions { transactions categories tags budgets }",
    "transactions { nodes { id ledgerId version deleted createdAt updatedAt number date merchant description externalId amount { value currency minorUnits } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } }",
    "transactions(last: 3) { nodes { category { name path parent { name } } } }",
    "transactions(deleted: INCLUDE) { nodes { number tags { id name } } }",
    "transactions { nodes { history { totalCount nodes { version operation kind at actor undoes entityId position before { id ... on Transaction { merchant category { name } } } after { id } } } } }",
    'transactions(filter: {category: {named: ["Food"]}}) { nodes { number } }',
    'transactions(filter: {tag: {named: ["a"]}}) { totalCount }',
    'transaction(externalId: "x1") { number merchant }',
    "totals { count amount { value } }",
    "totals(groupBy: [MONTH, CATEGORY]) { year month date merchant count category { name } }",
    "categories { nodes { id ledgerId version deleted createdAt updatedAt name parent { name } children { nodes { name } } path history { totalCount } } }",
    "tags { nodes { id ledgerId version deleted createdAt updatedAt name history { nodes { at } } } }",
    "budgets { nodes { id ledgerId version deleted createdAt updatedAt month amount { value } category { name } history { totalCount } } }",
    "budgets { nodes { spent { value } remaining { value } } }",
    "changes { nodes { version position kind entityId operation actor at undoes before { id } after { id ... on Category { name } } } totalCount }",
    "...f ... on Ledger { tags { totalCount } } } } fragment f on Ledger { categories(roots: true) { nodes { ... { name } } ",
]
ENTITY = "__typename id ... on Entity { version deleted ledgerId createdAt updatedAt history { totalCount } }"
NODE = "__typename id ... on Transaction { merchant category { name } tags { name } } ... on Category { name path } ... on Tag { name } ... on Budget { amount { value } } ... on Ledger { name }"


@dataclass
class Pair:
    """The same ledger through an application with a cache and through one without."""

    cached: Api
    plain: Api

    async def compare(self, query: str, **variables: Any) -> dict[str, Any]:
        """The answer, which both give, the cache twice."""
        variables["ledger"] = self.cached.ledger
        given = {"query": query, "variables": variables}
        first = await self.cached.http.post("/graphql", json=given)
        again = await self.cached.http.post("/graphql", json=given)
        anew = await self.plain.http.post("/graphql", json=given)
        assert first.content == anew.content, query
        assert again.content == anew.content, query
        answer: dict[str, Any] = anew.json()
        assert "errors" not in answer, answer
        return answer


def counted(name: str, **labels: str) -> float:
    """A counter's value."""
    return REGISTRY.get_sample_value(f"expense_{name}_total", labels) or 0


def hits() -> float:
    """Answers that memory gave."""
    return counted("cache_lookups", content="answers", layer="memory", outcome="hit")


async def applications(url: str, *settings: dict[str, Any]) -> AsyncIterator[list[Api]]:
    """Applications on one database, each a client of the same new ledger."""
    async with AsyncExitStack() as stack:
        apis = [
            Api(await stack.enter_async_context(serving(await migrated(url, access_log=False, **one))))
            for one in settings
        ]
        query = 'mutation { createLedger(input: {name: "T", currency: "USD"}) { ledger { id } } }'
        ledger = (await apis[0].data(query))["createLedger"]["ledger"]["id"]
        for api in apis:
            api.ledger = ledger
        yield apis


@pytest.fixture
async def pair(prepared_url: str) -> AsyncIterator[Pair]:
    """A pair, on each engine."""
    async for cached, plain in applications(prepared_url, {}, {"cache_bytes": 0}):
        yield Pair(cached, plain)


@pytest.fixture
async def replicas(prepared_url: str, redis_url: str) -> AsyncIterator[list[Api]]:
    """Two applications with one database and one Redis."""
    async for apis in applications(prepared_url, *[{"redis_url": redis_url}] * 2):
        yield apis


async def write_all(api: Api) -> AsyncIterator[dict[str, str]]:
    """Every kind of write, one after another; gives the ids that there are after each."""
    ids: dict[str, str] = {}

    async def one(mutation: str, type_name: str, node: str, **given: Any) -> None:
        answer = await api.mutate(mutation, type_name, given, f"{node} {{ id }}")
        assert answer["userErrors"] == [], (mutation, answer)
        if answer[node] is not None:
            ids[node] = answer[node]["id"]

    async def entity(mutation: str, node: str, entity_id: str) -> None:
        await one(mutation, "EntityInput", node, id=entity_id)

    ledger = {"ledgerId": api.ledger}
    ids["ledger"] = api.ledger
    yield ids
    ids["above"] = await api.category("Food")
    yield ids
    await one("createCategory", "CreateCategoryInput", "category", name="Bread", parentId=ids["above"], **ledger)
    yield ids
    spent = {"categoryId": ids["category"], "externalId": "x1", "merchant": "Baker", "description": "Rye"}
    ids["transaction"] = (await api.created("12.50", tags=["a", "b"], **spent))["id"]
    yield ids
    amount = {"amount": {"value": "100"}, "month": "2026-02", "categoryId": ids["above"]}
    await one("setBudget", "SetBudgetInput", "budget", **amount, **ledger)
    yield ids
    await one("updateTransaction", "UpdateTransactionInput", "transaction", id=ids["transaction"], merchant="Mill")
    yield ids
    await one("updateCategory", "UpdateCategoryInput", "category", id=ids["category"], name="Rolls", parentId=None)
    yield ids
    await one("createTag", "CreateTagInput", "tag", name="c", **ledger)
    yield ids
    tags = (await api.read("tags { nodes { id name } }"))["tags"]["nodes"]
    ids["tag"] = next(tag["id"] for tag in tags if tag["name"] == "a")
    await one("updateTag", "UpdateTagInput", "tag", id=ids["tag"], name="d")
    yield ids
    await entity("deleteTag", "tag", ids["tag"])
    yield ids
    await entity("restoreTag", "tag", ids["tag"])
    yield ids
    await one("updateLedger", "UpdateLedgerInput", "ledger", name="U", **ledger)
    yield ids
    await one("setBudget", "SetBudgetInput", "budget", **{**amount, "amount": {"value": "90"}}, **ledger)
    yield ids
    await entity("deleteTransaction", "transaction", ids["transaction"])
    yield ids
    query = "mutation($input: UndoInput!) { undo(input: $input) { userErrors { code } } }"
    version = (await api.read("version"))["version"]
    assert (await api.data(query, input={"version": version, **ledger}))["undo"]["userErrors"] == []
    yield ids
    for kind, name in (("Budget", "budget"), ("Transaction", "transaction"), ("Tag", "tag"), ("Category", "category")):
        await entity(f"delete{kind}", name, ids[name])
        yield ids
        await entity(f"purge{kind}", name, ids[name])
        yield ids


@pytest.mark.each_engine
async def test_after_every_write_every_answer_is_that_of_no_cache(pair: Pair) -> None:
    many = "query($ids: [ID!]!) { nodes(ids: $ids) { " + NODE + " } }"
    past = "query($ledger: ID!, $asOf: AsOf) { ledger(id: $ledger, asOf: $asOf) { name transactions { nodes { merchant tags { name } } } changes { totalCount } } }"
    async for ids in write_all(pair.cached):
        for fields in FIELDS:
            await pair.compare(f"query($ledger: ID!) {{ ledger(id: $ledger) {{ {fields} }} }}")
        await pair.compare(many, ids=list(ids.values()))
        for entity_id in ids.values():
            await pair.compare("query($id: ID!) { node(id: $id) { " + NODE + " } }", id=entity_id)
            await pair.compare("query($id: ID!) { node(id: $id) { " + ENTITY + " } }", id=entity_id)
            await pair.compare("query($id: ID!) { node(id: $id, asOf: {version: 1}) { id } }", id=entity_id)
        for as_of in ({"version": 1}, {"version": 2} if "above" in ids else None, {"instant": "2100-01-01T00:00:00Z"}):
            await pair.compare(past, asOf=as_of)
        await pair.compare("{ ledgers(first: 1000) { nodes { name version } } }")
        await pair.compare("{ ledger { name } __typename }")
        await pair.compare("query($ledger: ID!) { a: ledger(id: $ledger) { version } b: ledger { version } }")


async def test_what_another_process_wrote_is_seen_by_the_next_read(replicas: list[Api]) -> None:
    one, other = replicas
    query = "query($ledger: ID!) { ledger(id: $ledger) { version transactions { totalCount nodes { number } } } }"
    for number in range(1, 15):
        writer, reader = (one, other) if number % 2 else (other, one)
        await writer.created()
        for api in (reader, writer, reader):
            answer = await api.answer(query)
            assert answer["data"]["ledger"]["transactions"]["totalCount"] == number
            assert answer["data"]["ledger"]["version"] == answer["extensions"]["ledger"]["version"] == number + 1


async def test_a_write_to_another_kind_leaves_the_answer_and_tells_the_new_version(pair: Pair) -> None:
    api = pair.cached
    await api.created(tags=["a"])
    query = "query($ledger: ID!) { ledger(id: $ledger) { transactions { nodes { number } } } }"
    first = await api.answer(query)
    assert first["extensions"]["ledger"] == {"id": api.ledger, "version": 2}
    await api.mutate("createTag", "CreateTagInput", {"name": "b", "ledgerId": api.ledger}, "tag { id }")
    before, made = hits(), counted("answers_made")
    again = await api.answer(query)
    assert (hits(), counted("answers_made")) == (before + 1, made)
    assert again["data"] == first["data"]
    assert again["extensions"]["ledger"] == {"id": api.ledger, "version": 3}
    assert again["extensions"]["cost"] == first["extensions"]["cost"]
    await api.created()
    assert (await api.answer(query))["data"] != first["data"]


@pytest.fixture
async def api(tmp_path: Any) -> AsyncIterator[Api]:
    """An application on SQLite, for what is not the database's."""
    url = f"sqlite+aiosqlite:///{tmp_path}/ledger.sqlite3"
    async for (made,) in applications(url, {"cost_rate": 1, "cost_capacity": 10_000}):
        yield made


async def is_kept(api: Api, query: str, **variables: Any) -> bool:
    """Whether the second of two requests was answered from memory."""
    await api.answer(query, **variables)
    before = hits()
    await api.answer(query, **variables)
    return hits() == before + 1


async def test_what_is_kept_and_what_is_not(api: Api) -> None:
    await api.created()
    list_ = "query($ledger: ID!, $n: Int) { ledger(id: $ledger) { transactions(first: $n) { nodes { number } } } }"
    assert await is_kept(api, list_, n=1)
    assert await is_kept(
        api,
        "query($ledger: ID!, $d: Decimal) { ledger(id: $ledger) { transactions(filter: {amount: {gt: $d}}) { totalCount } } }",
        d="1.5",
    )
    assert await is_kept(api, "{ __schema { types { name } } }")
    assert await is_kept(
        api, "query A { ledger { name } } query B { ledger { id } }".replace("query B { ledger { id } }", "")
    )
    assert not await is_kept(api, "{ ledgers { nodes { name } } }")
    assert not await is_kept(api, list_, n=-1), "an error"
    assert not await is_kept(api, '{ ledger(id: "TGVkZ2VyOjk5") { name } }'), "there is no such ledger"
    assert not await is_kept(api, '{ node(id: "TGVkZ2VyOjk5") { id } }'), "nor is null, which may become one"
    assert not await is_kept(api, '{ node(id: "x") { id } }')
    assert not await is_kept(api, "query($id: ID!) { node(id: $id) { id } }", id=1.5)
    assert not await is_kept(api, 'mutation { createTag(input: {name: "x"}) { ledgerVersion } }')
    assert not await is_kept(api, "query($ledger: ID!) { ledger(id: $ledger) { id } } # " + "x" * 20_000)


async def test_variables_and_names_are_told_apart(api: Api) -> None:
    await api.created(merchant="A")
    await api.created(merchant="B")
    query = "query A($ledger: ID!, $f: TransactionFilter) { ledger(id: $ledger) { transactions(filter: $f) { nodes { merchant } } } } query B { ledger { name } }"

    async def ask(name: str, **variables: Any) -> Any:
        given = {"query": query, "operationName": name, "variables": {"ledger": api.ledger, **variables}}
        return (await api.http.post("/graphql", json=given)).json()

    for _ in range(2):
        for merchant in "AB":
            found = await ask("A", f={"merchant": {"eq": merchant}})
            assert found["data"]["ledger"]["transactions"]["nodes"] == [{"merchant": merchant}]
        assert (await ask("B"))["data"]["ledger"]["name"] == "Household"
    before = hits()
    both = {"merchant": {"eq": "A"}, "text": "a"}
    await ask("A", f=both)
    await ask("A", f=dict(reversed(both.items())))
    assert hits() == before + 1, "the order of an object's members says nothing"
    for gt in ("1.50", 1.5, 1):  # a text, a decimal, an integer
        assert len((await ask("A", f={"amount": {"gt": gt}}))["data"]["ledger"]["transactions"]["nodes"]) == 2
    assert hits() == before + 1


async def test_a_kept_answer_is_charged_like_any_other(api: Api) -> None:
    await api.created()
    query = "query($ledger: ID!) { ledger(id: $ledger) { transactions(first: 900) { nodes { number } } } }"
    left = []
    for _ in range(3):
        answer = await api.http.post("/graphql", json={"query": query, "variables": {"ledger": api.ledger}})
        assert answer.json()["extensions"]["cost"] == {"requested": 902, "actual": 3}
        left.append(int(answer.headers["ratelimit"].split("r=")[1].split(";")[0]))
    assert left[0] - left[2] in {5, 6}, "what it cost to make, less what was regained"


async def test_principals_share_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphql_api.ledgers.principal import Principal  # noqa: PLC0415

    query = "query($ledger: ID!) { ledger(id: $ledger) { name } }"
    assert await is_kept(api, query)
    monkeypatch.setattr("graphql_api.http.operations.principal_of", lambda _: Principal("another"))
    before = hits()
    await api.answer(query)
    assert hits() == before


async def test_requests_that_come_at_once_share_one_execution(pair: Pair) -> None:
    api = pair.cached
    await api.created()
    query = "query($ledger: ID!) { ledger(id: $ledger) { transactions { nodes { number merchant } } } }"
    made, shared = counted("answers_made"), counted("answers_shared")
    answers = await asyncio.gather(*(api.answer(query) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert counted("answers_made") - made == 1
    assert counted("answers_shared") - shared + hits() >= 19


async def test_readers_beside_writers_never_see_less_than_was_acknowledged(replicas: list[Api]) -> None:
    query = "query($ledger: ID!) { ledger(id: $ledger) { transactions { totalCount } version } }"
    acknowledged = 0

    async def write(api: Api) -> None:
        nonlocal acknowledged
        for _ in range(15):
            await api.created()
            acknowledged += 1

    async def read(api: Api) -> None:
        last = 0
        while acknowledged < 30:
            least = max(acknowledged, last)
            answer = await api.answer(query)
            found = answer["data"]["ledger"]
            last = found["transactions"]["totalCount"]
            assert last >= least
            assert found["version"] == last + 1 == answer["extensions"]["ledger"]["version"]

    await asyncio.gather(*(write(api) for api in replicas), *(read(api) for api in replicas for _ in range(3)))


async def garbage(redis: Redis) -> None:
    """Put garbage into all answers."""
    for name in await redis.keys("expense:cache:*"):
        await redis.set(name, b"\0" * 16 + b'{"ledger":null}')


async def flushed(redis: Redis) -> None:
    """Forget all."""
    await redis.flushall()


@pytest.mark.parametrize("harm", [garbage, flushed])
async def test_redis_may_have_anything(
    replicas: list[Api], redis_url: str, harm: Callable[[Redis], Awaitable[None]]
) -> None:
    one, other = replicas
    async with open_redis(SecretStr(redis_url)) as redis:
        assert redis is not None
        for number in range(1, 4):
            await one.created()
            query = f"query($ledger: ID!) {{ ledger(id: $ledger) {{ transactions {{ totalCount }} }} }} # {number}"
            await one.answer(query)
            await until(lambda: redis.keys("expense:cache:*"))
            await harm(redis)
            assert (await other.answer(query))["data"]["ledger"]["transactions"]["totalCount"] == number


async def test_a_replica_takes_from_redis_what_the_other_made(replicas: list[Api], redis_url: str) -> None:
    one, other = replicas
    await one.created()
    query = "query($ledger: ID!) { ledger(id: $ledger) { transactions { nodes { number } } } }"
    first = await one.answer(query)
    async with open_redis(SecretStr(redis_url)) as redis:
        assert redis is not None
        await until(lambda: redis.keys("expense:cache:*"))
    made, found = counted("answers_made"), counted("cache_lookups", content="answers", layer="redis", outcome="hit")
    assert await other.answer(query) == first
    assert counted("answers_made") == made
    assert counted("cache_lookups", content="answers", layer="redis", outcome="hit") == found + 1


def test_every_field_of_a_query_is_decided_on() -> None:
    query = GRAPHQL_SCHEMA.query_type
    assert query is not None
    undecided: set[str] = set()
    seen: set[str] = set()
    waiting: list[Any] = [query]
    while waiting:
        kind = waiting.pop()
        if kind.name in seen or kind.name.startswith("__"):
            continue
        seen.add(kind.name)
        if isinstance(kind, GraphQLInterfaceType):
            waiting.extend(GRAPHQL_SCHEMA.get_possible_types(kind))
        if isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in kind.fields.items():
                coordinate = f"{kind.name}.{name}"
                if coordinate not in UNCACHED and kinds_of(coordinate) is None:
                    undecided.add(coordinate)
                inner = field.type
                while hasattr(inner, "of_type"):
                    inner = inner.of_type
                waiting.append(inner)
    assert not undecided, "say in http/footprints.py what these are read from, or name them in UNCACHED"
