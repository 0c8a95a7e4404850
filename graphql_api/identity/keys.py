"""An issuer's keys as they are now, asked for as seldom as rotation allows.

They are asked for anew when they are older than `FRESH`, so that a key which the issuer has taken back is not believed
for longer, and when a token names a key that is not among them, so that a new key is believed at once. Whatever tokens
strangers send, the issuer is asked once in `PAUSE` at most, and by one caller for all. While it is away, the keys that
are known go on being believed.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from graphql_api.cache.flights import Flights
from graphql_api.identity.issuer import IssuerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphql_api.identity.issuer import Issuer

    Key = RSAKey | ECKey

FRESH = 300.0
"""Seconds for which keys are believed without asking."""

PAUSE = 10.0
"""Seconds between two questions."""

_KINDS: dict[str, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_SHORTEST_MODULUS = 342
"""Characters of Base64 for 2,048 bits, below which RSA is not safe (RFC 7518, section 3.3)."""

_FAMILIES = {"RS": "RSA", "PS": "RSA", "ES": "EC"}

_log = logging.getLogger("graphql_api.identity")


class Keys:
    """The keys of one issuer."""

    def __init__(
        self, issuer: Issuer, *, fresh: float = FRESH, pause: float = PAUSE, clock: Callable[[], float] = monotonic
    ) -> None:
        """Know none yet."""
        self._issuer = issuer
        self._fresh = fresh
        self._pause = pause
        self._clock = clock
        self._flights: Flights[None] = Flights()
        self._keys: tuple[Key, ...] | None = None
        self._asked = float("-inf")
        self._answered = float("-inf")

    async def find(self, algorithm: str, key_id: str | None) -> list[Key]:
        """The keys that may have signed: those of the id, or all if a token names none; of the algorithm's family.

        Raises `IssuerUnavailable` if the issuer has never answered.
        """
        if self._clock() - self._answered > self._fresh:
            await self._ask()
        found = self._matching(algorithm, key_id)
        if not found and await self._ask():
            found = self._matching(algorithm, key_id)
        return found

    def _matching(self, algorithm: str, key_id: str | None) -> list[Key]:
        if self._keys is None:
            raise IssuerUnavailable(f"The issuer {self._issuer.address} has not answered yet: see the log.")
        return [key for key in self._keys if _is_of(key, algorithm) and key_id in (None, key.get("kid"))]

    async def _ask(self) -> bool:
        """Ask the issuer, unless it was asked just now; whether it was asked."""
        if not self._flights.is_under_way(None) and self._clock() - self._asked < self._pause:
            return False
        await self._flights.join(None, self._fetch)
        return True

    async def _fetch(self) -> None:
        self._asked = self._clock()
        try:
            self._keys = tuple(_usable(await self._issuer.keys()))
        except IssuerUnavailable as error:
            _log.warning("The issuer's keys could not be had: %s", error)
        else:
            self._answered = self._clock()


def _usable(published: Iterable[dict[str, Any]]) -> Iterable[Key]:
    """What can verify a signature; an issuer may publish others, of kinds that nobody here knows."""
    for one in published:
        kind = _KINDS.get(str(one.get("kty")))
        if kind is None or (kind is RSAKey and len(str(one.get("n"))) < _SHORTEST_MODULUS):
            continue
        try:
            key = kind.import_key(one)
            key.check_use("sig")
            key.check_key_op("verify")
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        yield key


def _is_of(key: Key, algorithm: str) -> bool:
    return key.key_type == _FAMILIES.get(algorithm[:2]) and key.get("alg") in (None, algorithm)
