"""A list in memory by compiled functions against the same by graphql-core, in one process and without a server.

The schema is plain Strawberry: an async resolver for the list, and fields that read an object.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import strawberry
import uvloop
from graphql import ExecutionResult, execute, get_operation_ast, parse

from bench.contest import Contender, Contest
from bench.results import Goal, Result, compared
from graphql_api.execution.compiler import compile_operation

GOAL = Goal(15, at_least=True)
ROWS = 100
REPEATS = 200
OURS, THEIRS = "compiled", "graphql-core"
QUERY = "{ transactions { id date amount currency merchant description } }"


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of a transaction."""

    number: int
    date: str
    amount: str
    currency: str
    merchant: str
    description: str


@strawberry.type
class Transaction:
    """A transaction, of a row as the service's own are."""

    row: strawberry.Private[Row]

    @strawberry.field
    def id(self) -> strawberry.ID:
        """Made of the number."""
        return strawberry.ID(str(self.row.number))

    @strawberry.field
    def date(self) -> str:
        """A text."""
        return self.row.date

    @strawberry.field
    def amount(self) -> str:
        """A text."""
        return self.row.amount

    @strawberry.field
    def currency(self) -> str:
        """A text."""
        return self.row.currency

    @strawberry.field
    def merchant(self) -> str | None:
        """A text."""
        return self.row.merchant or None

    @strawberry.field
    def description(self) -> str | None:
        """A text."""
        return self.row.description or None


_ROWS = [Row(number, "2026-01-31", "12.50", "EUR", f"Shop {number}", "weekly") for number in range(ROWS)]


@strawberry.type
class Query:
    """One list."""

    @strawberry.field
    async def transactions(self) -> list[Transaction]:
        """All rows."""
        return [Transaction(row=row) for row in _ROWS]


async def measure(result: Result) -> None:
    """Let both make the list, and add how many they make in a second of the processor."""
    schema = strawberry.Schema(Query)._schema  # noqa: SLF001  strawberry has no public name for it
    document = parse(QUERY)
    operation = get_operation_ast(document)
    ours = None if operation is None else compile_operation(schema, document, operation)
    if ours is None:
        raise RuntimeError("the list cannot be compiled")

    async def by_core() -> ExecutionResult:
        found = execute(schema, document)
        made = await found if inspect.isawaitable(found) else found
        if not isinstance(made, ExecutionResult):
            raise TypeError("the list came in parts")
        return made

    async def by_functions() -> ExecutionResult | None:
        return await ours.execute(None, {})

    if await by_core() != await by_functions():
        raise RuntimeError("the two made different lists")
    contest = Contest()
    contenders = [Contender(OURS, _turn(by_functions)), Contender(THEIRS, _turn(by_core))]
    await contest.run(contenders, rounds=result.size.rounds)
    result.keep("list", contest)
    title = f"list of {ROWS} x 6 fields in memory, compiled / plain Strawberry"
    result.figures.append(compared(title, "1/s", contest, (OURS, THEIRS), GOAL))


def _turn(make: Callable[[], Awaitable[ExecutionResult | None]]) -> Callable[[], Awaitable[float]]:
    async def turn() -> float:
        start = time.process_time()
        for _ in range(REPEATS):
            await make()
        return REPEATS / (time.process_time() - start)

    return turn


def run(result: Result) -> None:
    """Measure."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(result))
