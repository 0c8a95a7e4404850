"""Month totals of a large ledger against those of a small one, and their equality with a full scan."""

import time
from dataclasses import replace
from functools import partial
from statistics import median

from bench.contest import Contender, Contest
from bench.drafts import draft
from bench.large import LargeLedger, Loaded
from bench.results import Goal, Result, compared
from graphql_api.database.database import Database
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.principal import LOCAL
from graphql_api.transactions.filters import EVERYTHING
from graphql_api.transactions.service import Create, Delete, Update, single
from graphql_api.transactions.totals import GroupBy, Total, Totals, totals

GOAL = Goal(1.5, at_least=False)
ENVELOPE = Envelope(LOCAL.subject)
QUERIES = {
    "by month": Totals(wanted=EVERYTHING, group_by=(GroupBy.MONTH,)),
    "by month and category": Totals(wanted=EVERYTHING, group_by=(GroupBy.MONTH, GroupBy.CATEGORY)),
}
WRITES = 20


async def read(database: Database, ledger: LargeLedger, query: Totals) -> list[Total]:
    """Read totals in a snapshot of their own, as a request does."""
    async with database.snapshot() as snapshot:
        return await totals(snapshot, ledger.id, query)


async def turn(database: Database, ledger: LargeLedger, query: Totals, reads: int) -> float:
    """Read totals many times; gives the median time in milliseconds."""
    times = []
    for _ in range(reads):
        start = time.perf_counter()
        await read(database, ledger, query)
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


async def write_some(database: Database, ledger: LargeLedger) -> None:
    """Create, change and delete a few transactions through the writer, which keeps the sums."""
    for number in range(WRITES):
        made = (await database.write(ledger.id, single(ENVELOPE, Create(draft(number))))).entity
        await database.write(ledger.id, single(ENVELOPE, Update(made.id, replace(draft(number), amount="-7.25"))))
        if number % 2:
            await database.write(ledger.id, single(ENVELOPE, Delete(made.id)))


async def measure(result: Result, loaded: Loaded) -> None:
    """Compare two loaded ledgers of one database, and add what it came to.

    Raises:
        AssertionError: the sums differ from what a full scan gives.
    """
    engine, database, small, large = loaded.engine, loaded.database, loaded.small, loaded.large
    for ledger in (small, large):
        await write_some(database, ledger)
    for title, query in QUERIES.items():
        groups = []
        for ledger in (small, large):
            kept = await read(database, ledger, query)
            start = time.perf_counter()
            scanned = await read(database, ledger, replace(query, rescan=True))
            seconds = time.perf_counter() - start
            if kept != scanned:
                raise AssertionError(f"{engine}: the sums {title} of {ledger.rows:,} rows differ from a full scan")
            groups.append(len(kept))
        result.facts.append(
            f"{engine}, {title}: the sums equal a full scan, also after {WRITES} creates, as many updates and "
            f"{WRITES // 2} deletions through the writer; {groups[0]:,} and {groups[1]:,} groups; "
            f"the scan of {large.rows:,} rows took {seconds:.2f} s."
        )
        contest = Contest()
        contenders = [
            Contender(f"{ledger.rows:,} rows", partial(turn, database, ledger, query, result.size.repeats))
            for ledger in (small, large)
        ]
        await contest.run(contenders, rounds=result.size.rounds)
        name = f"{engine}: {title}, {large.rows:,} against {small.rows:,} rows"
        result.keep(name, contest)
        result.figures.append(compared(name, "ms", contest, (contenders[1].name, contenders[0].name), GOAL))
