"""Durable creates a second: the service's writer against the driver's own INSERT and COMMIT."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Container
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import uvloop
from pydantic import SecretStr

from bench import posts
from bench.contest import Contender, Contest
from bench.databases import prepare, running, variant, versions
from bench.drafts import draft
from bench.driver import DriverWriters, driver_writers
from bench.results import Goal, Result, compared
from graphql_api.database.database import Database
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.principal import LOCAL
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from graphql_api.telemetry.metrics import WriteMetrics
from graphql_api.transactions.service import Create, single
from tests.servers.outcomes import NotRun
from tests.servers.variants import Variant, fresh_database

WRITERS = 16
GOAL = Goal(1.0, at_least=True)
ENVELOPE = Envelope(LOCAL.subject)
DRAFTS = [draft(number) for number in range(1000)]
UNIT = "creates/s"
ONE, MANY = "one ledger", "16 ledgers"
DRIVER, AUTOCOMMIT = "driver", "driver in autocommit"
GOAL_OF = "mysql-aiomysql"
ENGINES = {
    "mysql": ("mysql-aiomysql", "mysql-asyncmy"),
    "mariadb": ("mariadb-aiomysql", "mariadb-asyncmy"),
    "sqlite": ("sqlite",),
}


class Groups(WriteMetrics):
    """Counts as the service does, and how many commits the writes shared."""

    def __init__(self) -> None:
        self.commits = 0
        self.writes = 0

    def committed(self, ledger_id: int, version: int, writes: int, steps: int) -> None:
        """A group of writes stands."""
        super().committed(ledger_id, version, writes, steps)
        self.commits += 1
        self.writes += writes


class ServiceWriters:
    """Writers that call the service in its own process, as its doors do, each for one of the ledgers."""

    def __init__(self, database: Database, ledgers: list[int], groups: Groups) -> None:
        self._database = database
        self._ledgers = ledgers
        self.groups = groups
        self.latencies: list[float] = []

    async def turn(self, seconds: float) -> float:
        """Write for some seconds; gives the creates acknowledged a second."""
        start = time.perf_counter()
        writers = (
            self._write(self._ledgers[number % len(self._ledgers)], number, start + seconds)
            for number in range(WRITERS)
        )
        counts = await asyncio.gather(*writers)
        return sum(counts) / (time.perf_counter() - start)

    async def _write(self, ledger_id: int, number: int, deadline: float) -> int:
        count = 0
        while (begun := time.perf_counter()) < deadline:
            create = Create(DRAFTS[(number + count * WRITERS) % len(DRAFTS)])
            await self._database.write(ledger_id, single(ENVELOPE, create))
            self.latencies.append(time.perf_counter() - begun)
            count += 1
        return count

    def told(self) -> str:
        """Tell the latency of a create and the writes that shared a commit, of all turns."""
        half, most = (1000 * quantile for quantile in (median(self.latencies), quantiles(self.latencies, n=100)[98]))
        shared = self.groups.writes / self.groups.commits
        return f"half within {half:.1f} ms, 99 % within {most:.1f} ms, {shared:.1f} writes to a commit"


@asynccontextmanager
async def service_writers(url: str, ledgers: int) -> AsyncIterator[ServiceWriters]:
    """Open the service on a database with the tables, with so many ledgers to write to."""
    groups = Groups()
    database = open_database(Settings(database_url=SecretStr(url)), groups)
    try:
        made = [
            await database.create_ledger(LOCAL.subject, name=f"Ledger {number}", currency="USD")
            for number in range(ledgers)
        ]
        yield ServiceWriters(database, [ledger.id for ledger in made], groups)
    finally:
        await database.close()


async def measure(result: Result, chosen: Variant) -> None:
    """Measure one database with one driver, and add what it came to."""
    async with AsyncExitStack() as stack:

        async def prepared() -> str:
            url = stack.enter_context(fresh_database(chosen))
            await prepare(url)
            return url

        async def service(ledgers: int) -> ServiceWriters:
            return await stack.enter_async_context(service_writers(await prepared(), ledgers))

        async def driver(*, autocommit: bool = False) -> DriverWriters:
            return await stack.enter_async_context(driver_writers(await prepared(), WRITERS, autocommit=autocommit))

        one, many = await service(1), await service(WRITERS)
        writers: dict[str, ServiceWriters | DriverWriters] = {ONE: one, MANY: many, DRIVER: await driver()}
        if chosen.server is not None:
            writers[AUTOCOMMIT] = await driver(autocommit=True)
        contest = Contest()
        contenders = [Contender(name, partial(who.turn, result.size.seconds)) for name, who in writers.items()]
        await contest.run(contenders, rounds=result.size.rounds)
    result.keep(chosen.id, contest)
    goal = GOAL if chosen.id == GOAL_OF else None
    result.figures.append(compared(f"{chosen.id}: {ONE}", UNIT, contest, (ONE, DRIVER), goal))
    result.figures.append(compared(f"{chosen.id}: {MANY}", UNIT, contest, (MANY, DRIVER)))
    if AUTOCOMMIT in writers:
        result.figures.append(compared(f"{chosen.id}: {ONE}, driver in autocommit", UNIT, contest, (ONE, AUTOCOMMIT)))
    result.facts.extend(f"{chosen.id}, {name}: {who.told()}." for name, who in ((ONE, one), (MANY, many)))


def run(result: Result, engines: Container[str]) -> None:
    """Measure those of the databases that are installed, with every driver."""
    for engine, variants in ENGINES.items():
        if engine not in engines:
            continue
        with tempfile.TemporaryDirectory(prefix="bench-logs-") as logs:
            try:
                with running(engine, logs=Path(logs), durable=True) as server:
                    result.machine.versions.update(versions(engine, server))
                    for name in variants:
                        chosen = variant(name, server)
                        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                            runner.run(measure(result, chosen))
                            if name == GOAL_OF:
                                runner.run(posts.measure(result, chosen))
            except NotRun as reason:
                result.facts.append(f"Not measured: {reason}")
