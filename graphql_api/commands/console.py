"""What commands say: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
LedgerName = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        envvar="EXPENSE_LEDGER",
        metavar="NAME|ID",
        help="The ledger, by name or id; the database's first one if not given.",
        show_default=False,
    ),
]


def say(text: str) -> None:
    """A line of the result."""
    typer.echo(text)


def note(text: str) -> None:
    """A line beside the result."""
    typer.echo(text, err=True)


def say_json(document: Any) -> None:
    """The result as one document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal, if there is one; gives the function that is told how far the work has come."""
    if quiet or not sys.stderr.isatty():
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _nothing(_: int) -> None:
    return
