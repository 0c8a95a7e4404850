"""A page deep in a long list against the first page of the same list."""

import time
from functools import partial
from statistics import median

from sqlalchemy import select

from bench.contest import Contender, Contest
from bench.large import LargeLedger, Loaded
from bench.results import Goal, Result, compared
from graphql_api.database.database import Database
from graphql_api.database.reader import Snapshot
from graphql_api.database.states import Range, SortKey, live, page
from graphql_api.transactions.model import Transaction
from graphql_api.transactions.store import TRANSACTION

DEPTH = 1_000_000
LIMIT = 100
GOAL = Goal(1.2, at_least=False)
ORDERS = {
    "by date, newest first": (SortKey("date", descending=True), SortKey("id", descending=True)),
    "by amount, lowest first": (SortKey("currency"), SortKey("amount_minor"), SortKey("id")),
}


class Pages:
    """Pages of a ledger's transactions that are not deleted, each read in a snapshot of its own as a request is."""

    def __init__(self, database: Database, ledger: LargeLedger, keys: tuple[SortKey, ...]) -> None:
        self._database = database
        self._ledger = ledger
        self._keys = keys

    async def read(self, after: tuple[object, ...] | None) -> list[Transaction]:
        """Read one page after the given values of the sort keys."""
        async with self._database.snapshot() as snapshot:
            return await self._page(snapshot, after)

    async def turn(self, after: tuple[object, ...] | None, pages: int) -> float:
        """Read a page many times; gives the median time in milliseconds."""
        times = []
        for _ in range(pages):
            start = time.perf_counter()
            await self.read(after)
            times.append(1000 * (time.perf_counter() - start))
        return median(times)

    async def position(self, depth: int) -> tuple[object, ...]:
        """Return the sort keys' values of the row at a depth, found by counting."""
        table = TRANSACTION.table.c
        columns = [table[key.column] for key in self._keys]
        statement = (
            select(*columns)
            .where(table.ledger_id == self._ledger.id, *live(TRANSACTION.table))
            .order_by(*(c.desc() if key.descending else c for c, key in zip(columns, self._keys, strict=True)))
            .offset(depth - 1)
            .limit(1)
        )
        async with self._database.snapshot() as snapshot:
            (row,) = await snapshot.everywhere(statement)
        return tuple(row)

    async def _page(self, snapshot: Snapshot, after: tuple[object, ...] | None) -> list[Transaction]:
        wanted = Range(LIMIT, after=after)
        return await page(snapshot, TRANSACTION, self._ledger.id, None, live, self._keys, wanted)


async def measure(result: Result, loaded: Loaded) -> None:
    """Measure the large ledger of a database, and add what it came to."""
    ledger = loaded.large
    # one row in a hundred is deleted, and a full page must follow
    depth = min(DEPTH, ledger.rows * 99 // 100 - 2 * LIMIT)
    for title, keys in ORDERS.items():
        listing = Pages(loaded.database, ledger, keys)
        deep = await listing.position(depth)
        contest = Contest()
        names = ("first page", f"page after {depth:,} rows")
        contenders = [
            Contender(name, partial(listing.turn, after, result.size.repeats))
            for name, after in zip(names, (None, deep), strict=True)
        ]
        await contest.run(contenders, rounds=result.size.rounds)
        name = f"{loaded.engine}: {title}, after {depth:,} of {ledger.rows:,} rows"
        result.keep(name, contest)
        result.figures.append(compared(name, "ms", contest, (names[1], names[0]), GOAL))
