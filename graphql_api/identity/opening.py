"""What tells callers apart, as the settings choose it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from graphql_api.identity.callers import Callers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from graphql_api.settings import Settings


@asynccontextmanager
async def open_callers(settings: Settings) -> AsyncIterator[Callers]:
    """Open until the end of the block; the issuer is asked for its keys when the first token comes."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        yield Callers()
        return
    # an HTTP client and what reads signed tokens are loaded only where there is an issuer
    from graphql_api.identity.access_token import AccessTokens  # noqa: PLC0415
    from graphql_api.identity.issuer import Issuer  # noqa: PLC0415
    from graphql_api.identity.keys import Keys  # noqa: PLC0415

    async with Issuer(settings.oidc_issuer) as issuer:
        yield Callers(
            AccessTokens(
                Keys(issuer),
                issuer=settings.oidc_issuer,
                audience=settings.oidc_audience,
                algorithms=settings.oidc_algorithms,
                leeway=settings.oidc_leeway,
                subject_claim=settings.oidc_subject_claim,
            )
        )
