"""expense migrate."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from graphql_api.commands.console import Json, say, say_json
from graphql_api.commands.opening import run

To = Annotated[
    str, typer.Option("--to", metavar="REVISION", help="A revision such as 0001, head (the newest), or base (none).")
]
Yes = Annotated[bool, typer.Option("--yes", help="Go down without being asked: that deletes what the schema held.")]


def migrate(to: To = "head", yes: Yes = False, as_json: Json = False) -> None:
    """Bring the database's schema up to this version, or to another revision, up or down."""
    before, after = run(_migrate(to, yes=yes))
    if as_json:
        say_json({"before": before, "after": after, "changed": before != after})
    elif before == after:
        say(f"The schema is at {after or 'base'} already.")
    else:
        say(f"The schema went from {before or 'an empty database'} to {after or 'base'}.")


async def _migrate(to: str, *, yes: bool) -> tuple[str | None, str | None]:
    from alembic.util import CommandError

    from graphql_api.database.schema import current_revision
    from graphql_api.database.schema import migrate as move
    from graphql_api.ledgers.errors import Code, Refused
    from graphql_api.settings import Settings
    from graphql_api.stores import open_database

    if to not in ("head", "base") and not re.fullmatch(r"\d{4}", to):
        raise Refused.because(Code.INVALID, "--to takes a revision of four digits, head, or base.", "to")
    database = open_database(Settings.load())
    try:
        before = await current_revision(database.engines.read)
        down = before is not None and (to == "base" or (to != "head" and to < before))
        if down and not yes:
            told = f"Going from {before} down to {to} deletes data for good"
            if not _asked(f"{told}. Go on?"):
                raise Refused.because(Code.INVALID, f"{told}: give --yes if that is meant. Nothing was changed.", "to")
        return await move(database.engines.write, to)
    except CommandError as error:
        message = f"There is no revision {to!r}: {error}."
        raise Refused.because(Code.NOT_FOUND, message, "to") from error
    finally:
        await database.close()


def _asked(question: str) -> bool:
    import sys

    return sys.stdin.isatty() and typer.confirm(question, err=True)
