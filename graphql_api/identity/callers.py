"""Whom a request's credentials speak for: one question at the door, whatever the kind of credential."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING

from graphql_api.ledgers.errors import Unauthenticated
from graphql_api.ledgers.principal import LOCAL, Principal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql_api.identity.access_token import AccessTokens

_SCHEME = "bearer"
_LOOK_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `expires_at` is in seconds of Unix time, leeway counted; None if the credential does not expire."""

    principal: Principal
    expires_at: float | None = None


class Callers:
    """What tells callers apart: nothing in local mode, access tokens where there is an issuer."""

    def __init__(self, access_tokens: AccessTokens | None = None) -> None:
        """Take what verifies access tokens; without, every caller is the machine's owner."""
        self._access_tokens = access_tokens

    async def caller(self, authorizations: Sequence[str]) -> Caller:
        """Who sends such headers. Raises `Unauthenticated`, and `Unavailable` if it cannot be known now."""
        if self._access_tokens is None:
            return Caller(LOCAL)
        found = await self._access_tokens.verify(_bearer(authorizations))
        return Caller(Principal(found.subject), found.expires_at + self._access_tokens.leeway)

    async def gone(self, caller: Caller) -> None:
        """Wait until a caller's credential is good no longer: for what stays open longer than a request."""
        while caller.expires_at is None or (left := caller.expires_at - time()) > 0:  # noqa: ASYNC110  time passes
            # the clock of the day may be set meanwhile
            await asyncio.sleep(_LOOK_AGAIN if caller.expires_at is None else min(left, _LOOK_AGAIN))


def _bearer(authorizations: Sequence[str]) -> str:
    """The token of an Authorization header."""
    if len(authorizations) > 1:
        raise Unauthenticated("The header Authorization is given more than once.", "malformed")
    if not authorizations:
        raise Unauthenticated("Say who you are: send the header Authorization: Bearer with a token.", "missing")
    scheme, _, token = authorizations[0].partition(" ")
    if scheme.lower() != _SCHEME or not token.strip():
        raise Unauthenticated("The header Authorization must be Bearer, a space and a token.", "malformed")
    return token.strip()
