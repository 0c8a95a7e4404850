"""expense export."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.commands.console import LedgerName


class FileFormat(Enum):
    """Kinds of file that are written."""

    CSV = "csv"
    JSONL = "jsonl"


class WithDeleted(Enum):
    """Which transactions, by their deletion mark."""

    EXCLUDE = "exclude"
    INCLUDE = "include"
    ONLY = "only"


def export(
    ledger: LedgerName = None,
    format_: Annotated[
        FileFormat | None,
        typer.Option("--format", help="csv or jsonl; told from the name of the output, else csv.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file to write; standard output if not given.", show_default=False),
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help="From this day on, 2026-02-28.", show_default=False)
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help="Until this day, itself included.", show_default=False)
    ] = None,
    currency: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="Only of these currencies.", show_default=False)
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="Only of these categories and all below them, as Food/Bread.", show_default=False
        ),
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only with one of these tags.", show_default=False)
    ] = None,
    deleted: Annotated[
        WithDeleted, typer.Option(help="Whether deleted transactions are exported.")
    ] = WithDeleted.EXCLUDE,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION|INSTANT",
            help="As the ledger was at a version, or at an instant such as 2026-02-28T12:00:00Z.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Export a ledger, or some of its transactions, as CSV or JSON Lines.

    JSON Lines without a filter is the whole ledger, with its categories, tags and budgets; `expense import` reads
    both back.
    """
    from graphql_api.commands.exporting import Wanted, export_ledger

    if format_ is None:
        named = output is not None and output.suffix in (".jsonl", ".ndjson")
        format_ = FileFormat.JSONL if named else FileFormat.CSV
    wanted = Wanted(
        from_=from_,
        to=to,
        currencies=tuple(currency or ()),
        categories=tuple(category or ()),
        tags=tuple(tag or ()),
        deleted=deleted.value,
        as_of=as_of,
    )
    export_ledger(ledger, wanted, format_.value, output)
