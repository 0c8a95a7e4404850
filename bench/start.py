"""From the start of the service's process to its first answers, and the memory that one worker holds."""

import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
import uvloop

from bench.databases import prepare
from bench.drafts import draft
from bench.posts import graphql_body
from bench.results import Goal, Result, alone
from bench.service import serving
from tests.servers.ports import LOOPBACK
from tests.servers.variants import Variant, fresh_database

START_GOAL = Goal(1.0, at_least=False)
MEMORY_GOAL = Goal(90, at_least=False)
WARM_REQUESTS = 500
QUERY = (
    "{ ledger { id name transactions(first: 20) { totalCount nodes { id date merchant amount { value currency } } } } }"
)


class Starts:
    """The values of all starts, in seconds and MiB."""

    def __init__(self) -> None:
        self.ready: list[float] = []
        self.answered: list[float] = []
        self.fresh_pss: list[float] = []
        self.pss: list[float] = []
        self.rss: list[float] = []

    async def once(self, url: str, logs: Path) -> None:
        """Start the service once, and look at its memory after a little load."""
        start = time.perf_counter()
        with serving(url, logs=logs) as service:
            await service.ready()
            self.ready.append(time.perf_counter() - start)
            async with httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{service.port}", timeout=60) as client:
                await ask(client, {"query": QUERY})
                self.answered.append(time.perf_counter() - start)
                self.fresh_pss.append(service.memory_mib()[0])
                for number in range(WARM_REQUESTS):
                    await ask(client, {"query": QUERY} if number % 5 else json.loads(graphql_body(draft(number))))
                pss, rss = service.memory_mib()
                self.pss.append(pss)
                self.rss.append(rss)


async def ask(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    """Send a GraphQL request.

    Raises:
        RuntimeError: the answer has errors or no data.
    """
    answer = (await client.post("/graphql", json=body)).json()
    if "errors" in answer or not answer["data"]:
        raise RuntimeError(f"the service answered {answer}")


async def measure(result: Result) -> None:
    """Start the service some times on a database that is there, and add what it came to."""
    starts = Starts()
    with (
        fresh_database(Variant(id="sqlite", driver="sqlite+aiosqlite", server=None)) as url,
        tempfile.TemporaryDirectory(prefix="bench-logs-") as logs,
    ):
        await prepare(url)
        await starts.once(url, Path(logs))  # reads the files into the system's memory and writes the byte code
        starts = Starts()
        for _ in range(result.size.rounds):
            await starts.once(url, Path(logs))
    figures = {
        "start to GET /readyz": ("s", starts.ready, START_GOAL),
        "start to the first GraphQL answer": ("s", starts.answered, START_GOAL),
        "memory of a worker that has just started (PSS)": ("MiB", starts.fresh_pss, None),
        f"memory of a worker after {WARM_REQUESTS} requests (PSS)": ("MiB", starts.pss, MEMORY_GOAL),
        f"memory of a worker after {WARM_REQUESTS} requests (RSS)": ("MiB", starts.rss, MEMORY_GOAL),
    }
    result.figures.extend(alone(title, unit, values, goal) for title, (unit, values, goal) in figures.items())


def run(result: Result) -> None:
    """Measure."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(result))
