"""Who asks, and the personal API tokens that they have, make and revoke."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import strawberry

from graphql_api.database import tokens as store
from graphql_api.graph.context import GraphInfo
from graphql_api.graph.payload import UserError, user_errors
from graphql_api.identity.tokens import LONGEST_LIFE, MOST_TOKENS, create, revoke
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.ids import GlobalId, parse_id, parse_ledger_id
from graphql_api.members.graphql import Role
from graphql_api.members.service import SUBJECT_LENGTH

if TYPE_CHECKING:
    from graphql_api.database.tokens import StoredToken
    from graphql_api.graph.context import Context

_LISTED = 200
_TYPE = "ApiToken"


@strawberry.type(description="A personal API token, without its secret.")
class ApiToken:
    """A token as its owner sees it."""

    id: strawberry.ID
    name: str
    prefix: str = strawberry.field(description="What follows exp_ in the token's text.")
    cap: Role = strawberry.field(  # type: ignore[valid-type]  # an enum made by a call
        description="The most that it may do in any ledger."
    )
    ledger_id: strawberry.ID | None = strawberry.field(description="The ledger that it means where it names none.")
    created_at: datetime
    expires_at: datetime | None = strawberry.field(description="Null if it is good until it is revoked.")
    revoked_at: datetime | None


@strawberry.type(description="Who asks.")
class Viewer:
    """The principal."""

    subject: str = strawberry.field(
        description=f"Its name, of at most {SUBJECT_LENGTH} characters; each change that it makes has it as its actor."
    )
    cap: Role = strawberry.field(  # type: ignore[valid-type]  # an enum made by a call
        description="The most that it may do in any ledger: a token may be for less than its owner's role."
    )

    @strawberry.field(description=f"The tokens, the newest first, revoked ones too; the newest {_LISTED} of them.")
    async def tokens(self, info: GraphInfo) -> list[ApiToken]:
        """The tokens."""
        engine = info.context.database.engines.read
        found = await store.listed(engine, subject=info.context.principal.subject, most=_LISTED)
        return [_shown(token) for token in found]


@strawberry.input(description="A new token.")
class CreateTokenInput:
    """What a token is made of."""

    name: str = strawberry.field(description="What it is for, in your words.")
    cap: Role = strawberry.field(  # type: ignore[valid-type]  # an enum made by a call
        description="The most that it may do in any ledger, whatever your role there."
    )
    ledger_id: strawberry.ID | None = strawberry.field(
        default=None, description="The ledger that it is to mean where it names none."
    )
    days: int | None = strawberry.field(
        default=90, description=f"How long it is good, 1 to {LONGEST_LIFE:,}; null until it is revoked."
    )


@strawberry.type(description="The new token, and its text, which is shown this once.")
class CreateTokenPayload:
    """The payload of a new token."""

    token: ApiToken | None
    text: str | None = strawberry.field(description="What to send after Authorization: Bearer. It is kept nowhere.")
    user_errors: list[UserError]


@strawberry.input(description="A token to revoke.")
class RevokeTokenInput:
    """Which token."""

    id: strawberry.ID


@strawberry.type(description="The token as it is now.")
class RevokeTokenPayload:
    """The payload of a revocation."""

    token: ApiToken | None
    user_errors: list[UserError]


@strawberry.type
class TokenMutations:
    """The mutations of tokens."""

    @strawberry.mutation(
        description=f"Make a personal API token, for oneself. It takes the cap OWNER; {MOST_TOKENS} may be good."
    )
    async def create_token(self, info: GraphInfo, input: CreateTokenInput) -> CreateTokenPayload:
        """Create."""
        context = info.context
        try:
            made, kept = await create(
                context.database.engines.write,
                context.principal,
                name=input.name,
                cap=input.cap,
                ledger_id=await _ledger_id(context, input.ledger_id),
                days=input.days,
            )
        except Refused as refusal:
            return CreateTokenPayload(token=None, text=None, user_errors=user_errors(refusal.problems))
        return CreateTokenPayload(token=_shown(kept), text=made.text, user_errors=[])

    @strawberry.mutation(
        description="Revoke a token of one's own: the next request that brings it is refused. It takes the cap OWNER."
    )
    async def revoke_token(self, info: GraphInfo, input: RevokeTokenInput) -> RevokeTokenPayload:
        """Revoke."""
        context = info.context
        try:
            found = await revoke(context.database.engines.write, context.principal, _token_id(input.id))
        except Refused as refusal:
            return RevokeTokenPayload(token=None, user_errors=user_errors(refusal.problems))
        return RevokeTokenPayload(token=_shown(found), user_errors=[])


def viewer(info: GraphInfo) -> Viewer:
    """The viewer of a request."""
    principal = info.context.principal
    return Viewer(subject=principal.subject, cap=principal.cap)


def _shown(token: StoredToken) -> ApiToken:
    return ApiToken(
        id=strawberry.ID(str(GlobalId(_TYPE, token.id))),
        name=token.name,
        prefix=token.prefix,
        cap=token.cap,
        ledger_id=None if token.ledger_id is None else strawberry.ID(str(GlobalId("Ledger", token.ledger_id))),
        created_at=calendar.moment(token.created_at),
        expires_at=None if token.expires_at is None else calendar.moment(token.expires_at),
        revoked_at=None if token.revoked_at is None else calendar.moment(token.revoked_at),
    )


async def _ledger_id(context: Context, text: str | None) -> int | None:
    if text is None:
        return None
    return (await context.snapshot.ledger(parse_ledger_id(text, "ledgerId"))).id


def _token_id(text: str) -> int:
    named = parse_id(text, "id")
    if named.type != _TYPE or named.entity_id is not None:
        raise Refused.because(Code.ID_INVALID, "This is not the id of a token.", "id")
    return named.ledger_id
