"""expense tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphql_api.commands.console import Json, note, say, say_json
from graphql_api.commands.opening import opened, run, the_ledger
from graphql_api.ledgers.principal import Principal, Role

if TYPE_CHECKING:
    from graphql_api.database.tokens import StoredToken

tokens = typer.Typer(no_args_is_help=True, help="Make, list and revoke personal API tokens.")

_LISTED = 10_000


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for, in your words.")],
    subject: Annotated[
        str, typer.Option(help="Whose token it is: the name that memberships and changes hold, at an issuer its sub.")
    ],
    cap: Annotated[
        Role, typer.Option(help="The most that it may do, whatever its subject's role in a ledger.")
    ] = Role.EDITOR,
    ledger: Annotated[
        str | None,
        typer.Option(metavar="NAME|ID", help="The ledger that it means where it names none.", show_default=False),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it is good; 0 until it is revoked.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token, and print it: it is shown this once."""
    text, token = run(_create(name, subject, cap, ledger, days))
    if as_json:
        say_json({**_document(token), "token": text})
        return
    say(text)
    note("Keep it now: it is shown this once. Send it as Authorization: Bearer <token>.")


@tokens.command("list")
def list_(
    subject: Annotated[str | None, typer.Option(help="Only this subject's.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """List tokens, the newest first, without their secrets."""
    found = run(_list(subject))
    if as_json:
        say_json([_document(token) for token in found])
        return
    for token in found:
        say(f"{token.prefix}  {token.cap.value:6}  {_state(token)}  {token.subject}  {token.name}")


@tokens.command()
def revoke(
    prefix: Annotated[str, typer.Argument(help="The eight characters after exp_, as the list shows them.")],
    as_json: Json = False,
) -> None:
    """Revoke a token: the next request that brings it is refused."""
    token = run(_revoke(prefix))
    if as_json:
        say_json(_document(token))
    else:
        say(f"{token.prefix} of {token.subject} is revoked.")


async def _create(name: str, subject: str, cap: Role, ledger: str | None, days: int) -> tuple[str, StoredToken]:
    from graphql_api.identity.tokens import create as making
    from graphql_api.settings import Settings

    async with opened(Settings.load()) as database:
        ledger_id = None
        if ledger is not None:
            async with database.snapshot() as snapshot:
                ledger_id = (await the_ledger(snapshot, ledger)).id
        made, kept = await making(
            database.engines.write, Principal(subject), name=name, cap=cap, ledger_id=ledger_id, days=days or None
        )
    return made.text, kept


async def _list(subject: str | None) -> list[StoredToken]:
    from graphql_api.database.tokens import listed
    from graphql_api.settings import Settings

    async with opened(Settings.load()) as database:
        return await listed(database.engines.read, subject=subject, most=_LISTED)


async def _revoke(prefix: str) -> StoredToken:
    from graphql_api.database.tokens import listed
    from graphql_api.identity.api_token import PREFIX_LENGTH, SCHEME
    from graphql_api.identity.tokens import revoke as revoking
    from graphql_api.ledgers.errors import Code, Refused
    from graphql_api.settings import Settings

    # whoever pastes the whole token means its prefix too
    named = prefix.removeprefix(SCHEME)[:PREFIX_LENGTH]
    async with opened(Settings.load()) as database:
        found = await listed(database.engines.read, prefix=named, most=2)
        if len(found) != 1:
            told = "There is no token" if not found else "Several tokens begin"
            raise Refused.because(Code.NOT_FOUND, f"{told} with the prefix {named!r}.", "prefix")
        return await revoking(database.engines.write, Principal(found[0].subject), found[0].id)


def _state(token: StoredToken) -> str:
    from graphql_api.ledgers.calendar import moment, now

    if token.revoked_at is not None:
        return f"revoked {moment(token.revoked_at):%Y-%m-%d}"
    if token.expires_at is None:
        return "until revoked     "
    return f"{'until' if token.is_good(now()) else 'ended'}   {moment(token.expires_at):%Y-%m-%d}"


def _document(token: StoredToken) -> dict[str, Any]:
    from graphql_api.ledgers.calendar import moment

    def shown(at: int | None) -> str | None:
        return None if at is None else moment(at).isoformat()

    return {
        "prefix": token.prefix,
        "subject": token.subject,
        "name": token.name,
        "cap": token.cap.value,
        "createdAt": shown(token.created_at),
        "expiresAt": shown(token.expires_at),
        "revokedAt": shown(token.revoked_at),
    }
