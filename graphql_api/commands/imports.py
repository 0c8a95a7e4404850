"""expense import."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from graphql_api.commands.console import Json, LedgerName

_COLUMNS, _VALUES, _PROFILES = "Columns of a CSV file", "How values are written", "Profiles"


class OnError(Enum):
    """What becomes of the other rows when some are wrong."""

    ABORT = "abort"
    SKIP = "skip"


class FileFormat(Enum):
    """Kinds of file."""

    CSV = "csv"
    JSONL = "jsonl"
    OFX = "ofx"


def _column(help_: str) -> Any:
    return typer.Option(metavar="COLUMN", help=help_, rich_help_panel=_COLUMNS, show_default=False)


def _value(help_: str, metavar: str | None = None) -> Any:
    return typer.Option(metavar=metavar, help=help_, rich_help_panel=_VALUES, show_default=False)


def import_(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON Lines or OFX file; - reads standard input.")],
    ledger: LedgerName = None,
    format_: Annotated[
        FileFormat | None,
        typer.Option("--format", help="The kind of file; told from its beginning if not given.", show_default=False),
    ] = None,
    date: Annotated[str | None, _column("The calendar date.")] = None,
    amount: Annotated[str | None, _column("The amount; expenses are positive, refunds negative.")] = None,
    currency: Annotated[str | None, _column("The ISO 4217 code of the amount.")] = None,
    merchant: Annotated[str | None, _column("Who was paid.")] = None,
    description: Annotated[str | None, _column("What for.")] = None,
    category: Annotated[str | None, _column("The category, made if it is missing.")] = None,
    tags: Annotated[str | None, _column("Tags, made if they are missing.")] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            "--external-id",
            metavar="COLUMN",
            help="What names the row, so that it is known again; given several times: these columns together.",
            rich_help_panel=_COLUMNS,
            show_default=False,
        ),
    ] = None,
    key_prefix: Annotated[str | None, _value("Put before each key, if two files number their rows alike.")] = None,
    currency_code: Annotated[str | None, _value("The currency of all rows.", "CODE")] = None,
    category_separator: Annotated[
        str | None, _value("Parts a path in the category column, such as / in Food/Bread.")
    ] = None,
    tags_separator: Annotated[str | None, _value("Parts the tags; a comma if not given.")] = None,
    date_format: Annotated[
        str | None, _value("Such as %d/%m/%Y; if not given, 2026-02-28 with or without a time.", "PATTERN")
    ] = None,
    decimal_comma: Annotated[
        bool | None, typer.Option("--decimal-comma", help="Amounts are written 1.234,50.", rich_help_panel=_VALUES)
    ] = None,
    negate: Annotated[
        bool | None,
        typer.Option(
            "--negate",
            help="Turn the sign, where the file has expenses negative. For OFX, which is turned anyway: do not.",
            rich_help_panel=_VALUES,
        ),
    ] = None,
    skip_when: Annotated[
        list[str] | None,
        _value("Leave out rows with this value, such as 'Cancelled=*'; != for all but it.", "COLUMN=VALUE"),
    ] = None,
    encoding: Annotated[str | None, _value("Such as cp1252; UTF-8 if not given.")] = None,
    delimiter: Annotated[str | None, _value("One character, or tab; told from the file if not given.")] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|PATH",
            help="Flags that were saved; those given here come first.",
            rich_help_panel=_PROFILES,
            show_default=False,
        ),
    ] = None,
    save_profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Save these flags for the next file.", rich_help_panel=_PROFILES, show_default=False
        ),
    ] = None,
    on_error: Annotated[
        OnError, typer.Option(help="abort: a wrong row lets nothing be imported; skip: all others are.")
    ] = OnError.ABORT,
    update: Annotated[bool, typer.Option("--update", help="Write rows that changed since they were imported.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and change nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Import a file of expenses. Importing it again adds nothing.

    Columns with plain names (Date, Amount, Merchant, ...) are found without flags.
    """
    from graphql_api.commands.importing import How, import_file
    from graphql_api.transfers.mapping import Mapping

    given = Mapping(
        date=date,
        amount=amount,
        currency=currency,
        merchant=merchant,
        description=description,
        category=category,
        tags=tags,
        key=tuple(key) if key else None,
        key_prefix=key_prefix,
        currency_code=currency_code,
        category_separator=category_separator,
        tags_separator=tags_separator,
        date_format=date_format,
        decimal_comma=decimal_comma,
        negate=negate,
        skip_when=tuple(skip_when) if skip_when else None,
        encoding=encoding,
        delimiter="\t" if delimiter in ("tab", "\\t") else delimiter,
    )
    how = How(
        ledger=ledger,
        format=format_.value if format_ else None,
        profile=profile,
        save_profile=save_profile,
        skip_bad=on_error is OnError.SKIP,
        update=update,
        dry_run=dry_run,
        as_json=as_json,
    )
    if not import_file(file, given, how):
        raise typer.Exit(1)
