"""Creates over HTTP: the service on one core, its clients on the other, against the driver in turn."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bench.client import Load
from bench.contest import Contender, Contest
from bench.databases import prepare
from bench.drafts import draft
from bench.driver import driver_writers
from bench.results import Goal, Result, compared
from bench.service import serving
from graphql_api.transactions.model import Draft
from tests.servers.variants import Variant, fresh_database

CONNECTIONS = 16
SERVICE_CORE, CLIENT_CORE = 0, 1
GOAL = Goal(1.0, at_least=True)
UNIT = "creates/s"
DRIVER = "driver"
MUTATION = (
    "mutation Create($input: CreateTransactionInput!) { createTransaction(input: $input) "
    "{ transaction { id amount { value currency } date merchant } userErrors { code message } } }"
)

REFUSALS = ['"errors"', '"transaction":null']


def graphql_body(made: Draft) -> str:
    """Return the body of a GraphQL request that creates a transaction."""
    content = {
        "amount": {"value": str(made.amount), "currency": "USD"},
        "date": made.date,
        "merchant": made.merchant,
        "description": made.description,
    }
    return json.dumps({"query": MUTATION, "variables": {"input": content}})


def rest_body(made: Draft) -> str:
    """Return the body of a request to /api/v1/transactions."""
    content = {"date": made.date, "merchant": made.merchant, "description": made.description}
    return json.dumps({"amount": float(str(made.amount)), **content})


DOORS: dict[str, tuple[str, Callable[[Draft], str]]] = {
    "GraphQL": ("/graphql", graphql_body),
    "REST v1": ("/api/v1/transactions", rest_body),
}


class Clients:
    """Clients of one door of a running service, in a process of their own."""

    def __init__(self, port: int, requests: Path) -> None:
        self._port = port
        self._requests = requests
        self.loads: list[Load] = []

    async def turn(self, seconds: float) -> float:
        """Send creates for some seconds; gives those acknowledged a second.

        Raises:
            AssertionError: one was refused.
        """
        command = ["taskset", "--cpu-list", str(CLIENT_CORE), sys.executable, "-m", "bench.client"]
        arguments = [str(self._port), str(seconds), str(CONNECTIONS), str(self._requests)]
        process = await asyncio.create_subprocess_exec(*command, *arguments, stdout=asyncio.subprocess.PIPE)
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise AssertionError(f"the load client ended with {process.returncode}")
        load = Load(**json.loads(output))
        if load.failures:
            raise AssertionError(f"{load.failures} creates failed: {load.last}")
        self.loads.append(load)
        return load.rate

    def told(self) -> str:
        """Tell the latency of a request, of the last turn."""
        load = self.loads[-1]
        return f"half within {load.half_ms:.1f} ms, 99 % within {load.most_ms:.1f} ms"


async def measure(result: Result, chosen: Variant) -> None:
    """Measure both doors on one database, and add what it came to."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        turns = {}
        clients = {}
        for number, (door, (path, body)) in enumerate(DOORS.items()):
            url = stack.enter_context(fresh_database(chosen))
            await prepare(url)
            logs = folder / str(number)
            logs.mkdir()
            service = stack.enter_context(serving(url, logs=logs, core=SERVICE_CORE))
            await service.ready()
            requests, bodies = logs / "requests.json", [body(draft(each)) for each in range(1000)]
            requests.write_text(json.dumps({"path": path, "bodies": bodies, "refusals": REFUSALS}))
            clients[door] = Clients(service.port, requests)
            turns[door] = clients[door].turn
        url = stack.enter_context(fresh_database(chosen))
        await prepare(url)
        turns[DRIVER] = (await stack.enter_async_context(driver_writers(url, CONNECTIONS))).turn
        contest = Contest()
        contenders = [Contender(name, partial(turn, result.size.seconds)) for name, turn in turns.items()]
        await contest.run(contenders, rounds=result.size.rounds)
    result.keep(f"{chosen.id} over HTTP", contest)
    for door in DOORS:
        goal = GOAL if chosen.id == "mysql-aiomysql" else None
        result.figures.append(compared(f"{chosen.id}: {door} over HTTP", UNIT, contest, (door, DRIVER), goal))
        result.facts.append(f"{chosen.id}, {door} over HTTP: {clients[door].told()}.")
