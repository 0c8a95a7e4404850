"""What tells callers apart, as the settings choose it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from graphql_api.identity.callers import Callers
from graphql_api.identity.tokens import ApiTokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from graphql_api.identity.access_token import AccessTokens
    from graphql_api.settings import Settings


@asynccontextmanager
async def open_callers(settings: Settings, engine: AsyncEngine) -> AsyncIterator[Callers]:
    """Open until the end of the block; `engine` is for reads. The issuer is asked when the first access token comes."""
    if settings.identity == "local":
        yield Callers(None)
        return
    api_tokens = ApiTokens(engine, most=settings.request_timeout)
    try:
        async with _access_tokens(settings) as access_tokens:
            yield Callers(api_tokens, access_tokens)
    finally:
        await api_tokens.close()


@asynccontextmanager
async def _access_tokens(settings: Settings) -> AsyncIterator[AccessTokens | None]:
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        yield None
        return
    # an HTTP client and what reads signed tokens are loaded only where there is an issuer
    from graphql_api.identity.access_token import AccessTokens  # noqa: PLC0415
    from graphql_api.identity.issuer import Issuer  # noqa: PLC0415
    from graphql_api.identity.keys import Keys  # noqa: PLC0415

    async with Issuer(settings.oidc_issuer) as issuer:
        yield AccessTokens(
            Keys(issuer),
            issuer=settings.oidc_issuer,
            audience=settings.oidc_audience,
            algorithms=settings.oidc_algorithms,
            leeway=settings.oidc_leeway,
            subject_claim=settings.oidc_subject_claim,
        )
