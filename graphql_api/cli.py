"""The command line, `expense`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from graphql_api import __version__
from graphql_api.commands.backups import backup, restore
from graphql_api.commands.demo import demo
from graphql_api.commands.doctor import doctor
from graphql_api.commands.exports import export
from graphql_api.commands.imports import import_
from graphql_api.commands.ledgers import ledgers
from graphql_api.commands.migrate import migrate
from graphql_api.commands.profiles import profiles
from graphql_api.commands.schema import schema
from graphql_api.commands.serve import serve
from graphql_api.commands.tokens import tokens
from graphql_api.ledgers.errors import LedgerError, Unavailable

app = typer.Typer(
    name="expense",
    help="A self-hosted ledger of expenses. Settings are variables of the environment: see expense doctor.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command("import")(import_)
app.command()(export)
app.command()(demo)
app.add_typer(ledgers, name="ledgers")
app.command()(profiles)
app.add_typer(tokens, name="tokens")
app.command()(migrate)
app.command()(backup)
app.command()(restore)
app.command()(schema)
app.command()(doctor)


def _version(value: bool) -> None:  # noqa: FBT001  typer calls it with the flag's value
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _common(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command of this process. An error is one line on standard error and the exit code 1."""
    try:
        app(prog_name="expense")
    except Exception as error:  # the edge where every error is told
        if "--debug" in sys.argv[1:2]:
            raise
        typer.echo(f"expense: {_told(error)}", err=True)
        sys.exit(1)


def _told(error: Exception) -> str:
    if isinstance(error, Unavailable):
        return f"{error} `expense doctor` tells more."
    if isinstance(error, LedgerError):
        return str(error)
    return f"unexpected error: {type(error).__name__}: {error}. `expense --debug ...` shows where; please report it."
