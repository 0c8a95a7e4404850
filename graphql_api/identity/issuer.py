"""What an OpenID Connect issuer publishes about itself: its discovery document, and the keys that it signs with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx
import jiter

from graphql_api.ledgers.errors import Unavailable
from graphql_api.settings import is_fit_for_keys

if TYPE_CHECKING:
    from types import TracebackType

_TIMEOUT = httpx.Timeout(5.0)
_LONGEST = 512 * 1024
_DISCOVERY = "/.well-known/openid-configuration"


class IssuerUnavailable(Unavailable):
    """The issuer does not answer, or not with what it must publish. The text says what, and holds no secret."""


class Issuer:
    """An issuer, asked anew at each call. Its answers may have 512 KiB and take some seconds; none may redirect."""

    def __init__(self, address: str) -> None:
        """Take the issuer's address as its tokens name it; nothing is asked yet."""
        self.address = address
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False)

    async def __aenter__(self) -> Self:
        """Keep connections until the end of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close them."""
        await self._client.aclose()

    async def keys(self) -> list[dict[str, Any]]:
        """The keys that the issuer publishes at present, as JSON Web Keys. Raises `IssuerUnavailable`."""
        found = await self._json(self.address.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self.address:
            raise IssuerUnavailable(
                f"EXPENSE_OIDC_ISSUER is {self.address}, but the discovery document there is of another issuer."
            )
        address = found.get("jwks_uri")
        if not isinstance(address, str) or not is_fit_for_keys(address):
            raise IssuerUnavailable(f"The issuer {self.address} names no address with TLS for its keys.")
        keys = (await self._json(address)).get("keys")
        if not isinstance(keys, list):
            raise IssuerUnavailable(f"{address} gives no set of keys.")
        return [key for key in keys if isinstance(key, dict)]

    async def _json(self, address: str) -> dict[str, Any]:
        try:
            async with self._client.stream("GET", address, headers={"Accept": "application/json"}) as response:
                if response.status_code != httpx.codes.OK:
                    raise IssuerUnavailable(f"{address} answers with {response.status_code}.")
                body = b""
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > _LONGEST:
                        raise IssuerUnavailable(f"{address} answers with more than {_LONGEST:,} bytes.")
            found = jiter.from_json(body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IssuerUnavailable(f"{address} does not answer: {type(error).__name__}.") from error
        except ValueError:
            raise IssuerUnavailable(f"{address} does not answer with JSON.") from None
        if not isinstance(found, dict):
            raise IssuerUnavailable(f"{address} does not answer with a JSON object.")
        return found
