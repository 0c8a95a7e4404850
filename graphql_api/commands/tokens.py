"""expense tokens."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphql_api.commands.console import Json, note, say, say_json
from graphql_api.commands.opening import opened, run

if TYPE_CHECKING:
    from graphql_api.database.tokens import StoredToken

tokens = typer.Typer(no_args_is_help=True, help="Make, list and revoke personal API tokens.")

_LISTED = 10_000


class ScopeName(StrEnum):
    """The scopes, by name: typer imports nothing heavy for them."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


Subject = Annotated[
    str,
    typer.Option(help="Whose token it is: the name under which changes are written down, at OpenID Connect its sub."),
]


@tokens.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for, in your words.")],
    subject: Subject = "local",
    scope: Annotated[
        ScopeName, typer.Option(help="What it is for at most, whatever its owner may do.")
    ] = ScopeName.WRITE,
    days: Annotated[int, typer.Option(help="How long it is good; 0 until it is revoked.")] = 90,
    as_json: Json = False,
) -> None:
    """Make a token, and print it: it is shown this once."""
    text, token = run(_create(name, subject, scope, days))
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
        say(f"{token.prefix}  {token.scope.value:5}  {_state(token)}  {token.subject}  {token.name}")


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


async def _create(name: str, subject: str, scope: ScopeName, days: int) -> tuple[str, StoredToken]:
    from graphql_api.database.tables import SUBJECT_LENGTH
    from graphql_api.identity.tokens import create as making
    from graphql_api.ledgers.principal import Principal, Scope
    from graphql_api.ledgers.text import clean
    from graphql_api.settings import Settings

    owner = Principal(clean(subject, "subject", longest=SUBJECT_LENGTH, required=True))
    async with opened(Settings.load()) as database:
        made, kept = await making(database.engines.write, owner, name=name, scope=Scope(scope.value), days=days or None)
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
    from graphql_api.ledgers.principal import Principal
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
        "scope": token.scope.value,
        "createdAt": shown(token.created_at),
        "expiresAt": shown(token.expires_at),
        "revokedAt": shown(token.revoked_at),
    }
