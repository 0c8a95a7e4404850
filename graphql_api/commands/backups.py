"""expense backup and expense restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphql_api.commands.console import Json

To = Annotated[Path, typer.Argument(help="The file to write, compressed if its name ends in .gz.")]
From = Annotated[Path, typer.Argument(help="A file that expense backup wrote.")]


def backup(file: To, as_json: Json = False) -> None:
    """Write the whole database, every ledger with all its history, as it is now; the service may go on serving.

    Any engine takes it back with `expense restore`: this is also the way from SQLite to MySQL or MariaDB.
    """
    from graphql_api.commands.backing import back_up

    back_up(file, as_json=as_json)


def restore(file: From, as_json: Json = False) -> None:
    """Take a backup back into an empty database, whole or not at all; see that no change is missing."""
    from graphql_api.commands.backing import take_back

    take_back(file, as_json=as_json)
