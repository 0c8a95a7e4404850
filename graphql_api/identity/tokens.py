"""Personal API tokens: made for a principal, shown once, and looked up by every request that brings one."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from graphql_api.cache.coalesce import Coalesced
from graphql_api.database import tokens as store
from graphql_api.database.book import forbidden
from graphql_api.database.tables import SUBJECT_LENGTH
from graphql_api.database.tokens import StoredToken
from graphql_api.identity.api_token import ApiToken
from graphql_api.ledgers import calendar
from graphql_api.ledgers.errors import Code, Problems, Refused, Unauthenticated
from graphql_api.ledgers.model import NAME_LENGTH
from graphql_api.ledgers.principal import LOCAL, Role
from graphql_api.ledgers.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncEngine

    from graphql_api.ledgers.principal import Principal

MOST_TOKENS = 100
"""Good tokens that one subject may have."""

LONGEST_LIFE = 3660
"""Days that a token may be good."""

_DAY = 86_400_000_000
_ID_BITS = 62


class ApiTokens:
    """Looks tokens up. What the database says now decides; a burst of requests shares one read (cache/coalesce.py)."""

    def __init__(self, engine: AsyncEngine, *, most: float) -> None:
        """Take the engine for reads, and the seconds that one may take."""

        async def read(digests: list[str]) -> Mapping[str, StoredToken]:
            return await store.by_digests(engine, digests)

        self._reads: Coalesced[str, StoredToken] = Coalesced(read, content="tokens", most=most)

    async def close(self) -> None:
        """End what is under way."""
        await self._reads.close()

    async def verify(self, text: str) -> StoredToken:
        """The token of a text, which is good now. Raises `Unauthenticated`, and `Unavailable` without a database."""
        token = ApiToken.parse(text)
        if token is None:
            raise Unauthenticated("The token is no personal API token: it is cut or mistyped.", "malformed")
        found = (await self._reads.get([token.digest])).get(token.digest)
        if found is None:
            raise Unauthenticated("There is no such token.", "unknown")
        if found.revoked_at is not None:
            raise Unauthenticated("The token was revoked.", "revoked")
        if not found.is_good(calendar.now()):
            raise Unauthenticated("The token has expired.", "expired")
        return found

    async def is_good(self, digest: str) -> bool:
        """Whether the token of a digest is good still. Raises `Unavailable` without a database."""
        found = (await self._reads.get([digest])).get(digest)
        return found is not None and found.is_good(calendar.now())


async def create(
    engine: AsyncEngine, principal: Principal, *, name: object, cap: Role, ledger_id: int | None, days: int | None
) -> tuple[ApiToken, StoredToken]:
    """A new token of a principal's, good for some days, None for good. Its text is kept nowhere.

    `cap` is the most that it may do, `ledger_id` the ledger that it means where it names none.
    """
    _check_may(principal)
    problems = Problems()
    with problems:
        subject = clean(principal.subject, "subject", longest=SUBJECT_LENGTH, required=True)
        if subject == LOCAL.subject:
            raise Refused.because(
                Code.INVALID, f"{subject} is the subject of local mode, which needs no token.", "subject"
            )
    with problems:
        name = clean(name, "name", longest=NAME_LENGTH, required=True)
    with problems:
        if days is not None and not 1 <= days <= LONGEST_LIFE:
            raise Refused.because(Code.INVALID, f"A token is good for 1 to {LONGEST_LIFE:,} days.", "days")
    problems.check()
    now = calendar.now()
    if await store.count_good(engine, principal.subject, now) >= MOST_TOKENS:
        raise Refused.because(Code.INVALID, f"You have {MOST_TOKENS} tokens that are good: revoke one first.")
    token = ApiToken.new()
    kept = StoredToken(
        id=secrets.randbits(_ID_BITS) + 1,
        subject=principal.subject,
        name=str(name),
        prefix=token.prefix,
        cap=cap,
        ledger_id=ledger_id,
        created_at=now,
        expires_at=None if days is None else now + days * _DAY,
    )
    await store.keep(engine, kept, token.digest)
    return token, kept


async def revoke(engine: AsyncEngine, principal: Principal, token_id: int) -> StoredToken:
    """Revoke a token of a principal's; the next look at it finds it so."""
    _check_may(principal)
    found = await store.revoke(engine, token_id, calendar.now(), subject=principal.subject)
    if found is None:
        raise Refused.because(Code.NOT_FOUND, "You have no such token.", "id")
    return found


def _check_may(principal: Principal) -> None:
    """A token that could make others would outlive its own end."""
    if not principal.cap.reaches(Role.OWNER):
        raise forbidden(principal.cap, Role.OWNER)
