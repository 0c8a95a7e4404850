"""expense schema."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from graphql_api.commands.console import note


class Door(Enum):
    """Whose description is printed."""

    GRAPHQL = "graphql"
    OPENAPI = "openapi"


Which = Annotated[Door, typer.Argument(help="GraphQL's SDL, or OpenAPI 3.1 as JSON.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file.", show_default=False, dir_okay=False)
]


def schema(door: Which = Door.GRAPHQL, output: Output = None) -> None:
    """Print the schema of GraphQL, or the description of the REST doors."""
    text = _text(door).rstrip("\n") + "\n"
    if output is None:
        typer.echo(text, nl=False)
        return
    from graphql_api.ledgers.errors import Code, Refused

    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"{output} cannot be written: {error.strerror or error}."
        raise Refused.because(Code.INVALID, message, "output") from error
    note(f"Wrote {output}.")


def _text(door: Door) -> str:
    if door is Door.GRAPHQL:
        from graphql_api.http.schema import SCHEMA

        return SCHEMA.as_str()
    from graphql_api.http.openapi import document_text

    return document_text()
