"""Access tokens of an OpenID Connect issuer: JSON Web Tokens that it signed for this service.

Checked are the signature by a key that the issuer publishes at present and by an algorithm that was chosen beforehand,
then typ, iss, aud, exp, nbf, iat and the subject. Shared secrets are never among the keys, and a key serves only its
own family of algorithms, so a public key is never taken for a secret. RFC 8725 and RFC 9068 say why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    JoseError,
    MissingClaimError,
)
from joserfc.registry import JWS_HEADER_REGISTRY

from graphql_api.database.tables import SUBJECT_LENGTH
from graphql_api.ledgers.errors import Refused, Unauthenticated
from graphql_api.ledgers.principal import LOCAL
from graphql_api.ledgers.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from joserfc.jwt import Claims

    from graphql_api.identity.keys import Keys

_TYPES = frozenset(("jwt", "at+jwt", "application/jwt", "application/at+jwt"))
_EMAIL = "email"


_HEADERS = {name: one for name, one in JWS_HEADER_REGISTRY.items() if name != "b64"}


class _Registry(jws.JWSRegistry):
    """Room for what issuers put into headers; b64 has no place in a JSON Web Token (RFC 7797, section 7)."""

    default_header_registry = _HEADERS
    max_header_length = 8 * 1024
    max_payload_length = 32 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token vouches for. `expires_at` is in seconds of Unix time, the leeway not counted."""

    subject: str
    expires_at: float


class AccessTokens:
    """Verifies the tokens of one issuer, for one audience."""

    def __init__(
        self,
        keys: Keys,
        *,
        issuer: str,
        audience: str,
        algorithms: Collection[str],
        leeway: int,
        subject_claim: str = "sub",
    ) -> None:
        """Take what tokens must name; `leeway` is in seconds."""
        self.leeway = leeway
        self._keys = keys
        self._algorithms = frozenset(algorithms)
        self._subject_claim = subject_claim
        self._registry = _Registry(algorithms=sorted(algorithms), strict_check_header=False)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Verified:
        """Whom a token vouches for. Raises `Unauthenticated`, and `IssuerUnavailable` while no keys are known."""
        algorithm, key_id = self._header(token)
        claims = self._decoded(token, await self._keys.find(algorithm, key_id))
        self._check(claims)
        return Verified(self._subject(claims), float(claims["exp"]))

    def _header(self, token: str) -> tuple[str, str | None]:
        try:
            header = jws.extract_compact(token.encode("ascii"), registry=self._registry).headers()
            algorithm, kind, key_id = header["alg"], header.get("typ", "JWT"), header.get("kid")
            self._registry.check_header(header)
        except (JoseError, ValueError, TypeError, AttributeError, RecursionError):
            raise Unauthenticated("The token is no JSON Web Token.", "malformed") from None
        if algorithm not in self._algorithms:
            raise Unauthenticated("The token is signed in a way that is not taken here.", "algorithm")
        if kind.lower() not in _TYPES:
            raise Unauthenticated("The token is not an access token: its typ is of another kind.", "type")
        return algorithm, key_id

    def _decoded(self, token: str, keys: Collection[Any]) -> Claims:
        for key in keys:
            try:
                return jwt.decode(token, key, registry=self._registry).claims
            except BadSignatureError:
                continue
            except (JoseError, ValueError, RecursionError):
                raise Unauthenticated("The token is no JSON Web Token.", "malformed") from None
        raise Unauthenticated("The token is not signed by a key that its issuer publishes now.", "signature")

    def _check(self, claims: Claims) -> None:
        try:
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise Unauthenticated("The token has expired.", "expired") from None
        except MissingClaimError as error:
            raise Unauthenticated(f"The token lacks the claim {error.claim}.", "claims") from None
        except InvalidClaimError as error:
            raise Unauthenticated(_told(error.claim), error.claim if error.claim in _CLAIMS else "claims") from None
        if "cnf" in claims:
            # taken without the proof of possession, it would be worth more to a thief than its issuer meant
            raise Unauthenticated("The token is bound to a key (cnf), which is not supported here.", "claims")

    def _subject(self, claims: Mapping[str, Any]) -> str:
        name = self._subject_claim
        subject = claims.get(name)
        try:
            kept = clean(subject, longest=SUBJECT_LENGTH, required=True)
        except Refused:
            kept = None
        if kept is None or kept != subject or kept == LOCAL.subject:
            message = f"The token's {name} must be a text of 1 to {SUBJECT_LENGTH} characters that names somebody."
            raise Unauthenticated(message, "subject")
        if name == _EMAIL and claims.get("email_verified") is not True:
            raise Unauthenticated("The token's email is not verified by its issuer.", "subject")
        return kept


_CLAIMS = {
    "iss": "The token is of another issuer.",
    "aud": "The token is meant for another audience.",
    "nbf": "The token is not valid yet.",
    "iat": "The token was issued in the future.",
}


def _told(claim: str) -> str:
    return _CLAIMS.get(claim, f"The token's {claim} is not as it must be.")
