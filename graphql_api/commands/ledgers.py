"""expense ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from graphql_api.commands.console import Json, say, say_json
from graphql_api.commands.opening import every_ledger, opened, run, the_ledger
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from graphql_api.ledgers.model import Ledger
    from graphql_api.members.model import Member

ledgers = typer.Typer(no_args_is_help=True, help="List, make and rename ledgers, and say who may do what in them.")


@ledgers.command("list")
def list_(as_json: Json = False) -> None:
    """List all ledgers."""
    found = run(_list())
    if as_json:
        say_json([_document(ledger) for ledger in found])
        return
    for ledger in found:
        _say(ledger)


@ledgers.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    currency: Annotated[
        str | None, typer.Option(help="Its own currency, ISO 4217; EXPENSE_CURRENCY if not given.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a new, empty ledger."""
    _tell(run(_create(name, currency)), as_json=as_json)


@ledgers.command()
def rename(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="Its name or id.")],
    name: Annotated[str, typer.Argument(help="What it is to be called.")],
    as_json: Json = False,
) -> None:
    """Give a ledger another name."""
    _tell(run(_rename(ledger, name)), as_json=as_json)


@ledgers.command()
def grant(
    ledger: Annotated[str, typer.Argument(metavar="LEDGER", help="Its name or id.")],
    subject: Annotated[str, typer.Argument(help="Who, as the issuer of identities names them (the claim sub).")],
    role: Annotated[Role, typer.Option(help="What they may do there.")] = Role.OWNER,
    as_json: Json = False,
) -> None:
    """Make somebody a member, or give a member another role: for ledgers that were made without identities."""
    found, member = run(_grant(ledger, subject, role))
    if as_json:
        say_json({**_document(found), "member": {"subject": member.subject, "role": member.role}})
    else:
        say(f"{member.subject} is {member.role} of {found.name}.")


async def _grant(named: str, subject: str, role: Role) -> tuple[Ledger, Member]:
    from graphql_api.database.writer import Envelope
    from graphql_api.ledgers.principal import LOCAL
    from graphql_api.members.service import grant as granting
    from graphql_api.settings import Settings

    async with opened(Settings.load()) as database:
        async with database.snapshot() as snapshot:
            ledger = await the_ledger(snapshot, named)
        outcome = await database.write(ledger.id, granting(Envelope(LOCAL.subject), subject, role))
        async with database.snapshot() as snapshot:
            return await snapshot.ledger(ledger.id), cast("Member", outcome.entity)


async def _list() -> list[Ledger]:
    from graphql_api.settings import Settings

    async with opened(Settings.load()) as database, database.snapshot() as snapshot:
        return await every_ledger(snapshot)


async def _create(name: str, currency: str | None) -> Ledger:
    from graphql_api.ledgers.principal import LOCAL
    from graphql_api.settings import Settings

    settings = Settings.load()
    async with opened(settings) as database:
        return await database.create_ledger(LOCAL.subject, name=name, currency=currency or settings.currency)


async def _rename(named: str, name: str) -> Ledger:
    from graphql_api.database.shelf import rename as renaming
    from graphql_api.database.writer import Envelope
    from graphql_api.ledgers.principal import LOCAL
    from graphql_api.settings import Settings

    async with opened(Settings.load()) as database:
        async with database.snapshot() as snapshot:
            ledger = await the_ledger(snapshot, named)
        await database.write(ledger.id, renaming(Envelope(LOCAL.subject), name))
        async with database.snapshot() as snapshot:
            return await snapshot.ledger(ledger.id)


def _tell(ledger: Ledger, *, as_json: bool) -> None:
    if as_json:
        say_json(_document(ledger))
    else:
        _say(ledger)


def _say(ledger: Ledger) -> None:
    say(f"{ledger.id}  {ledger.name}  {ledger.currency}  version {ledger.version}")


def _document(ledger: Ledger) -> dict[str, Any]:
    from graphql_api.ledgers.calendar import moment
    from graphql_api.ledgers.ids import GlobalId

    return {
        "id": str(GlobalId("Ledger", ledger.id)),
        "number": ledger.id,
        "name": ledger.name,
        "currency": ledger.currency,
        "version": ledger.version,
        "createdAt": moment(ledger.created_at).isoformat(),
    }
