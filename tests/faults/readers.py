"""Clients that read without pause, and see whether an answer shows less than was acknowledged before they asked."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.writers import Ledgered

QUERIES = (
    "query Totals { ledger { version totals { count amount { value } } } }",
    "query Newest { ledger { version totals { count } transactions(last: 1, orderBy: [{by: CREATED}]) { nodes { number } } } }",
)


@dataclass
class Seen:
    """What readers were shown.

    Attributes:
        reads: answers, by the replica's address.
        less: what showed less than was acknowledged before it was asked for, or what does not fit together.
        refusals: how often each answer was given that is no success: a status, or "connection" for none.
    """

    reads: Counter[str] = field(default_factory=Counter)
    less: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def reading(where: Callable[[], str], told: Ledgered, *, readers: int, seed: int) -> AsyncIterator[Seen]:
    """Read while the block runs, from a replica that `where` gives for each request."""
    seen = Seen()
    ended = asyncio.Event()
    tasks = [
        asyncio.create_task(_read(where, told, seen, ended, random.Random(seed + number)))  # noqa: S311  of a test
        for number in range(readers)
    ]
    try:
        yield seen
    finally:
        ended.set()
        await asyncio.gather(*tasks)


async def _read(
    where: Callable[[], str], told: Ledgered, seen: Seen, ended: asyncio.Event, choices: random.Random
) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        while not ended.is_set():
            address, query = where(), choices.choice(QUERIES)
            acknowledged = len(told.acknowledged)
            try:
                answer = await client.post(f"{address}/graphql", json={"query": query})
            except httpx.TransportError:
                seen.refusals["connection"] += 1
                await asyncio.sleep(0.05)
                continue
            if answer.status_code != httpx.codes.OK:
                seen.refusals[str(answer.status_code)] += 1
                continue
            seen.reads[address] += 1
            fault = _fault(answer.json(), acknowledged)
            if fault:
                seen.less.append(f"{address} {query}: {fault} of {acknowledged} acknowledged: {answer.text}")


def _fault(answer: dict[str, Any], acknowledged: int) -> str | None:
    """What is wrong with an answer, None if nothing is. Each version but the first made one transaction."""
    if "errors" in answer:
        return "an error"
    ledger = answer["data"]["ledger"]
    count = sum(total["count"] for total in ledger["totals"])
    if count < acknowledged:
        return "less"
    if ledger["version"] != count + 1 or answer["extensions"]["ledger"]["version"] != ledger["version"]:
        return "another version's content"
    if "transactions" in ledger and count and ledger["transactions"]["nodes"][0]["number"] != count:
        return "another version's list"
    return None
