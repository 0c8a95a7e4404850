"""The bench's command: `python -m bench` measures all, `python -m bench creates totals` what is named."""

import logging
import signal
import sys
import tempfile
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bench import compiled, creates, loaded, report, start
from bench.machine import describe
from bench.results import FOLDER, Result
from bench.size import SMOKE, Size


class Name(Enum):
    """The benchmarks."""

    COMPILED = "compiled"
    CREATES = "creates"
    DEPTH = "depth"
    TOTALS = "totals"
    START = "start"


class Engine(Enum):
    """The databases."""

    MYSQL = "mysql"
    MARIADB = "mariadb"
    SQLITE = "sqlite"


def measure(results: dict[str, Result], size: Size, engines: set[str]) -> None:
    """Run the benchmarks that have a result to fill. One that is ended early says so, and keeps what it has."""
    try:
        _measure(results, size, engines)
    except BaseException as error:
        for result in results.values():
            result.facts.append(f"The run was ended early, by {type(error).__name__}: {error}")
        raise


def _measure(results: dict[str, Result], size: Size, engines: set[str]) -> None:
    if "compiled" in results:
        compiled.run(results["compiled"])
    if "creates" in results:
        creates.run(results["creates"], engines)
    large = {name: results[name] for name in loaded.MEASURES if name in results}
    if large:
        loaded.run(large, size, engines)
    if "start" in results:
        start.run(results["start"])


def main(
    names: Annotated[list[Name] | None, typer.Argument(help="What to measure; all when none is named.")] = None,
    *,
    rows: Annotated[int, typer.Option(min=1000, help="Transactions of the large ledger.")] = Size().rows,
    rounds: Annotated[int, typer.Option(min=1, help="How often the contenders take turns.")] = Size().rounds,
    engine: Annotated[
        list[Engine] | None, typer.Option(help="A database to measure on; all when none is named.")
    ] = None,
    smoke: Annotated[bool, typer.Option(help="Only prove that it runs: tiny sizes, nothing is kept.")] = False,
) -> None:
    """Measure, keep the results in bench/results/ and write the tables of docs/benchmarks.md."""
    # the driver repeats the server's warnings: that the name of each primary key is ignored
    logging.getLogger("asyncmy").setLevel(logging.ERROR)
    # a run that is told to end keeps what it has
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    engines = {one.value for one in engine or Engine}
    size = SMOKE if smoke else Size(rows=rows, rounds=rounds)
    results = {name.value: Result(name.value, describe(), size) for name in names or Name}
    if smoke:
        measure(results, size, engines)
        with tempfile.TemporaryDirectory() as folder:
            prove(results.values(), Path(folder))
        return
    try:
        measure(results, size, engines)
    finally:
        for result in results.values():
            if result.figures:
                print(report.table(result), result.write(FOLDER), sep="\n\n", end="\n\n")
        report.write()


def prove(results: Iterable[Result], folder: Path) -> None:
    """Write results and the page into a folder, and print the page.

    Raises:
        SystemExit: a benchmark has no figure.
    """
    for result in results:
        if not result.figures:
            raise SystemExit(f"{result.name}: no figure; {' '.join(result.facts)}")
        result.write(folder)
    page = folder / report.PAGE.name
    page.write_text(report.PAGE.read_text())
    report.write(page, folder)
    print(page.read_text())


if __name__ == "__main__":
    typer.run(main)
