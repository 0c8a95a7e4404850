"""Clients that write without pause, each write with an idempotency key, and remember what became of it."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

WRITERS = 16
SECONDS_OF_RETRIES = 120
_CREATED = 201


@dataclass
class Ledgered:
    """What the writers were told.

    Attributes:
        acknowledged: the id of the transaction that each write was told, by the merchant it named.
        refusals: how often each answer was given that is no success: a status, or "connection" for none.
        retried: writes that were sent more than once.
        unexplained: answers that no fault excuses: neither a success nor 503 with Retry-After.
        last_failure: when the last answer that is no success came, by `time.monotonic`.
    """

    acknowledged: dict[str, int] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    retried: int = 0
    unexplained: list[str] = field(default_factory=list)
    last_failure: float = 0.0


@asynccontextmanager
async def writing(address: str | Callable[[], str], *, writers: int = WRITERS) -> AsyncIterator[Ledgered]:
    """Write while the block runs; at its end, what is under way is repeated until it is acknowledged.

    Args:
        address: of the service, or gives one for each request.
        writers: how many write at once.
    """
    told = Ledgered()
    ended = asyncio.Event()
    where = address if callable(address) else lambda: address
    tasks = [asyncio.create_task(_write(where, f"writer {number}", told, ended)) for number in range(writers)]
    try:
        yield told
    finally:
        ended.set()
        async with asyncio.timeout(SECONDS_OF_RETRIES):
            await asyncio.gather(*tasks)


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something is so; what changes it is another task or the service, which set no event."""
    async with asyncio.timeout(SECONDS_OF_RETRIES):
        while not happened():  # noqa: ASYNC110  see above
            await asyncio.sleep(0.01)


async def more(told: Ledgered, count: int) -> None:
    """Wait until that many further writes are acknowledged."""
    wanted = len(told.acknowledged) + count
    await until(lambda: len(told.acknowledged) >= wanted)


async def _write(where: Callable[[], str], name: str, told: Ledgered, ended: asyncio.Event) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        for count in itertools.count():
            if ended.is_set():
                return
            merchant = f"{name}, {count}"
            told.acknowledged[merchant] = await _until_acknowledged(client, where, merchant, told)


async def _until_acknowledged(
    client: httpx.AsyncClient, where: Callable[[], str], merchant: str, told: Ledgered
) -> int:
    body = {"amount": 1.25, "currency": "EUR", "merchant": merchant, "date": "2026-02-03"}
    for attempt in itertools.count():
        try:
            answer = await client.post(
                f"{where()}/api/v1/transactions", json=body, headers={"Idempotency-Key": merchant.replace(", ", "-")}
            )
        except httpx.TransportError:
            told.refusals["connection"] += 1
        else:
            if answer.status_code == _CREATED:
                told.retried += attempt > 0
                return int(answer.json()["id"])
            told.refusals[str(answer.status_code)] += 1
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or "Retry-After" not in answer.headers:
                told.unexplained.append(f"{answer.status_code} {answer.text}")
        told.last_failure = time.monotonic()
        await asyncio.sleep(0.05)
    raise AssertionError("unreachable")


async def changes(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The whole feed of changes of the first ledger: version, entity's id, operation, merchant and amount."""
    found: list[dict[str, Any]] = []
    query = (
        "query ($after: String) { ledger { version changes(first: 1000, after: $after) { pageInfo { hasNextPage "
        "endCursor } nodes { version position operation entityId after { ... on Transaction { id merchant "
        "amount { value } } } } } } }"
    )
    after = None
    while True:
        answer = (await client.post("/graphql", json={"query": query, "variables": {"after": after}})).json()
        page = answer["data"]["ledger"]["changes"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def check(address: str, told: Ledgered) -> int:
    """See that what was acknowledged is there, once, and that the versions have no gap; return the last version."""
    assert told.unexplained == []
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        listed = (await client.get("/api/v1/transactions", params={"limit": 1})).json()
        feed = await changes(client)
        version = (await client.post("/graphql", json={"query": "{ ledger { version } }"})).json()
    versions = [change["version"] for change in feed]
    assert versions == list(range(1, len(feed) + 1))
    assert version["data"]["ledger"]["version"] == versions[-1]
    created = Counter(
        change["after"]["merchant"] for change in feed if change["operation"] == "CREATE" and change["after"]
    )
    del created[None]
    assert {merchant for merchant in told.acknowledged if created[merchant] != 1} == set()
    assert set(created) == set(told.acknowledged)
    assert listed["total"] == len(told.acknowledged)
    return int(versions[-1])
