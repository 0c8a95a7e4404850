"""Whom a request's credentials speak for: one question at the door, whatever the kind of credential."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import time
from typing import TYPE_CHECKING

from graphql_api.identity.api_token import SCHEME, digest_of
from graphql_api.ledgers.errors import Unauthenticated, Unavailable
from graphql_api.ledgers.principal import LOCAL, Principal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.identity.access_token import AccessTokens
    from graphql_api.identity.tokens import ApiTokens

LOOK_AGAIN = 5.0
"""Seconds between two looks at a credential by which something is kept open."""

_BEARER = "bearer"
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `expires_at` is in seconds of Unix time, leeway counted; None if the credential does not expire.

    `digest` is that of a personal API token, which can be revoked before; `prefix` is how people know it.
    """

    principal: Principal
    expires_at: float | None = None
    digest: str | None = field(default=None, repr=False)
    prefix: str | None = None


class Callers:
    """What tells callers apart: personal API tokens, and access tokens where there is an issuer."""

    def __init__(self, api_tokens: ApiTokens | None, access_tokens: AccessTokens | None = None) -> None:
        """Take what verifies tokens; without either, every caller is the machine's owner."""
        self._api_tokens = api_tokens
        self._access_tokens = access_tokens

    async def caller(self, authorizations: Sequence[str]) -> Caller:
        """Who sends such headers. Raises `Unauthenticated`, and `Unavailable` if it cannot be known now."""
        if self._api_tokens is None:
            return Caller(LOCAL)
        token = _bearer(authorizations)
        if token.startswith(SCHEME):
            found = await self._api_tokens.verify(token)
            expires = None if found.expires_at is None else found.expires_at / _SECOND
            return Caller(Principal(found.subject, found.cap, found.ledger_id), expires, digest_of(token), found.prefix)
        if self._access_tokens is None:
            raise Unauthenticated(f"Only personal API tokens are taken here: they begin with {SCHEME}.", "malformed")
        verified = await self._access_tokens.verify(token)
        return Caller(Principal(verified.subject), verified.expires_at + self._access_tokens.leeway)

    async def gone(self, caller: Caller) -> None:
        """Wait until a caller's credential is good no longer: for what stays open longer than a request.

        An expiry is seen when it comes, a revocation within `LOOK_AGAIN` and the time of a read.
        """
        while True:
            left = LOOK_AGAIN if caller.expires_at is None else caller.expires_at - time()
            if left <= 0:
                return
            # all look at the same moments, so that one read serves them; the clock of the day may be set meanwhile
            tick = LOOK_AGAIN - asyncio.get_running_loop().time() % LOOK_AGAIN
            await asyncio.sleep(min(left, tick) if caller.expires_at is not None else tick)
            if self._api_tokens is None or caller.digest is None:
                continue
            try:
                if not await self._api_tokens.is_good(caller.digest):
                    return
            except Unavailable:
                continue  # nothing else can be read meanwhile either


def _bearer(authorizations: Sequence[str]) -> str:
    """The token of an Authorization header."""
    if len(authorizations) > 1:
        raise Unauthenticated("The header Authorization is given more than once.", "malformed")
    if not authorizations:
        raise Unauthenticated("Say who you are: send the header Authorization: Bearer with a token.", "missing")
    scheme, _, token = authorizations[0].partition(" ")
    if scheme.lower() != _BEARER or not token.strip():
        raise Unauthenticated("The header Authorization must be Bearer, a space and a token.", "malformed")
    return token.strip()
