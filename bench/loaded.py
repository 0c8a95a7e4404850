"""The benchmarks of large ledgers, which share one load of each database."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop
from pydantic import SecretStr

from bench import depth, totals
from bench.databases import prepare, running, variant, versions
from bench.large import CATEGORIES, LargeLedger, Loaded, create_indexes, drop_indexes, load_rows, sum_up
from bench.results import Result
from bench.size import Size
from graphql_api.categories.service import create_category
from graphql_api.database.database import Database
from graphql_api.database.writer import Envelope
from graphql_api.ledgers.principal import LOCAL
from graphql_api.settings import Settings
from graphql_api.stores import open_database
from tests.servers.outcomes import NotRun
from tests.servers.variants import Variant, fresh_database

ENGINES = {"mysql": "mysql-aiomysql", "sqlite": "sqlite"}
SMALL = 10_000
BUFFERS_MIB = 2048
MEASURES = {"depth": depth.measure, "totals": totals.measure}


@asynccontextmanager
async def load(chosen: Variant, rows: int) -> AsyncIterator[Loaded]:
    """Make a database with a small and a large ledger, and remove it when the block ends."""
    with fresh_database(chosen) as url:
        await prepare(url)
        database = open_database(Settings(database_url=SecretStr(url)))
        try:
            small, large = [await _new_ledger(database, size) for size in (min(SMALL, rows // 10), rows)]
            async with database.engines.write.begin() as connection:
                await drop_indexes(connection)
            for ledger in (small, large):
                load_rows(url, ledger)
            async with database.engines.write.begin() as connection:
                await create_indexes(connection)
            async with database.engines.write.begin() as connection:
                for ledger in (small, large):
                    await sum_up(connection, ledger)
            yield Loaded(chosen.id, database, small, large)
        finally:
            await database.close()


async def _new_ledger(database: Database, rows: int) -> LargeLedger:
    ledger = await database.create_ledger(LOCAL.subject, name=f"{rows:,} transactions", currency="USD")
    for number in range(1, CATEGORIES):
        await database.write(ledger.id, create_category(Envelope(LOCAL.subject), f"Category {number}"))
    return LargeLedger(ledger.id, rows)


async def measure(results: dict[str, Result], chosen: Variant, size: Size) -> None:
    """Load one database, and measure what was asked for, of depth and totals."""
    start = time.perf_counter()
    async with load(chosen, size.rows) as loaded:
        seconds = time.perf_counter() - start
        for name, result in results.items():
            result.facts.append(f"{chosen.id}: loading {loaded.large.rows:,} rows took {seconds:.0f} s.")
            await MEASURES[name](result, loaded)


def run(results: dict[str, Result], size: Size, engines: Container[str]) -> None:
    """Measure on those of the databases that are installed.

    Args:
        results: the results to add to, by name: depth, totals or both.
        size: how large the ledgers are.
        engines: the databases to measure.
    """
    for engine, name in ENGINES.items():
        if engine not in engines:
            continue
        with tempfile.TemporaryDirectory(prefix="bench-logs-") as logs:
            try:
                # reading alone is measured, so nothing need be on the disk
                with running(engine, logs=Path(logs), durable=False, buffers_mib=BUFFERS_MIB) as server:
                    for result in results.values():
                        result.machine.versions.update(versions(engine, server))
                    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                        runner.run(measure(results, variant(name, server), size))
            except NotRun as reason:
                for result in results.values():
                    result.facts.append(f"Not measured: {reason}")
