"""Access tokens of a real OpenID Connect provider, and of those who pretend to be it."""

from __future__ import annotations

import base64
import hmac
import json
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from graphql_api.identity.access_token import AccessTokens
from graphql_api.identity.issuer import Issuer, IssuerUnavailable
from graphql_api.identity.keys import Keys
from graphql_api.ledgers.errors import Unauthenticated
from tests.identity.running import AUDIENCE, Provider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.identity.publishing import Publisher

pytestmark = pytest.mark.anyio

OURS = RSAKey.generate_key(2048, {"kid": "RS256-1", "use": "sig"})


class Asked(Issuer):
    """An issuer that counts how often it is asked."""

    times = 0

    async def keys(self) -> list[dict[str, Any]]:
        """Ask."""
        self.times += 1
        return await super().keys()


class Clock:
    """Time that passes when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now


def verifier(keys: Keys, issuer: str, **others: Any) -> AccessTokens:
    options: dict[str, Any] = {"audience": AUDIENCE, "algorithms": ["RS256", "ES256"], "leeway": 0, **others}
    return AccessTokens(keys, issuer=issuer, **options)


@pytest.fixture
async def tokens(provider: Provider) -> AsyncIterator[AccessTokens]:
    async with Issuer(provider.issuer) as issuer:
        yield verifier(Keys(issuer), provider.issuer)


async def reason(tokens: AccessTokens, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await tokens.verify(token)
    assert token not in str(refused.value)
    return refused.value.reason


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    header, claims, signature = token.split(".")
    return _read(header), _read(claims), signature


def _read(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _written(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def test_a_program_and_a_person_are_believed(tokens: AccessTokens, provider: Provider) -> None:
    found = await tokens.verify(provider.token("robot"))
    assert found.subject == "robot"
    assert 590 < found.expires_at - time.time() < 601
    assert (await tokens.verify(provider.token("curve"))).subject == "curve"
    assert (await tokens.verify(provider.signed_in("alice"))).subject == "alice"


async def test_another_audience_is_refused(tokens: AccessTokens, provider: Provider) -> None:
    assert await reason(tokens, provider.token(audience="urn:example:payroll")) == "aud"


async def test_another_issuer_is_refused_though_its_signature_is_right(provider: Provider) -> None:
    async with Issuer(provider.issuer) as issuer:
        tokens = verifier(Keys(issuer), "https://login.example.org")
        assert await reason(tokens, provider.token()) == "iss"


async def test_an_algorithm_that_is_not_pinned_is_refused(tokens: AccessTokens, provider: Provider) -> None:
    token = provider.token("unwanted")
    assert await reason(tokens, token) == "algorithm"
    async with Issuer(provider.issuer) as issuer:
        others = verifier(Keys(issuer), provider.issuer, algorithms=["PS256"])
        assert (await others.verify(token)).subject == "unwanted"


async def test_a_token_expires(provider: Provider) -> None:
    async with Issuer(provider.issuer) as issuer:
        keys = Keys(issuer)
        token = provider.token("brief")
        await anyio.sleep(4.1)
        assert await reason(verifier(keys, provider.issuer), token) == "expired"
        assert (await verifier(keys, provider.issuer, leeway=60).verify(token)).subject == "brief"


async def test_none_is_no_signature(tokens: AccessTokens, provider: Provider) -> None:
    _, claims, signature = parts(provider.token())
    for name in ("none", "None", "NONE"):
        for signed in ("", signature):
            token = f"{_written({'alg': name, 'typ': 'at+jwt'})}.{_written(claims)}.{signed}"
            assert await reason(tokens, token) == "algorithm"


async def test_a_public_key_is_no_secret(tokens: AccessTokens, provider: Provider) -> None:
    header, claims, _ = parts(provider.token())
    published = next(key for key in provider.published() if key["kid"] == header["kid"])
    public = RSAKey.import_key({name: value for name, value in published.items() if name != "alg"})
    for secret in (public.as_pem(private=False), public.as_der(private=False), json.dumps(published).encode()):
        text = f"{_written({**header, 'alg': 'HS256'})}.{_written(claims)}"
        mac = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).decode().rstrip("=")
        assert await reason(tokens, f"{text}.{mac}") == "algorithm"


async def test_a_key_that_a_token_brings_along_is_not_believed(tokens: AccessTokens, provider: Provider) -> None:
    header, claims, _ = parts(provider.token())
    for more in ({"jwk": OURS.as_dict(private=False)}, {"jku": "https://evil.example/keys"}, {}):
        token = jwt.encode({**header, **more}, claims, OURS)
        assert await reason(tokens, token) == "signature"


async def test_changed_claims_are_not_signed(tokens: AccessTokens, provider: Provider) -> None:
    header, _, signature = provider.token().split(".")
    _, claims, _ = parts(provider.token())
    changed = f"{header}.{_written({**claims, 'sub': 'alice'})}.{signature}"
    assert await reason(tokens, changed) == "signature"


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b", "a.b.c", "..", "é.é.é", "e30.e30.", f"{_written({'alg': 1})}.e30.", f"{_written([])}.e30.e30"]
    + [f"{_written({'alg': 'RS256', **header})}.e30.e30" for header in ({"typ": 1}, {"kid": 1}, {"crit": ["b64"], "b64": False})]
    + ["a" * 9000 + ".b.c", _written({"alg": "RS256"}) + "." + "a" * 40_000 + ".c"],
)  # fmt: skip
async def test_what_is_no_token_is_refused(tokens: AccessTokens, token: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        await tokens.verify(token)
    assert refused.value.reason == "malformed"


async def test_an_unknown_key_asks_the_issuer_once_in_a_while(provider: Provider) -> None:
    clock = Clock()
    async with Asked(provider.issuer) as issuer:
        tokens = verifier(Keys(issuer, clock=clock), provider.issuer)
        await tokens.verify(provider.token())
        header, claims, _ = parts(provider.token())
        forged = jwt.encode({**header, "kid": "of-nobody"}, claims, OURS)
        clock.now += 11
        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(reason, tokens, forged)
        assert await reason(tokens, forged) == "signature"
        assert issuer.times == 2
        clock.now += 11
        assert await reason(tokens, forged) == "signature"
        assert issuer.times == 3


async def test_a_new_key_is_believed_at_once_and_one_taken_back_in_time(tmp_path: Path) -> None:
    clock = Clock()
    with Provider(tmp_path / "provider.log") as rotating:
        async with Asked(rotating.issuer) as issuer:
            tokens = verifier(Keys(issuer, clock=clock), rotating.issuer)
            first = rotating.token()
            await tokens.verify(first)
            assert len(rotating.rotate(keep=True)) == 6
            second = rotating.token()
            assert parts(second)[0]["kid"] != parts(first)[0]["kid"]
            clock.now += 11
            await tokens.verify(second)
            await tokens.verify(first)
            assert issuer.times == 2
            rotating.rotate()
            await tokens.verify(second)
            clock.now += 301
            assert await reason(tokens, first) == await reason(tokens, second) == "signature"
            assert (await tokens.verify(rotating.token())).subject == "robot"


async def test_known_keys_are_believed_while_the_issuer_is_away(tmp_path: Path) -> None:
    clock = Clock()
    with Provider(tmp_path / "provider.log") as running:
        port, token = running.port, running.token()
        async with Asked(running.issuer) as issuer:
            tokens = verifier(Keys(issuer, clock=clock), running.issuer)
            await tokens.verify(token)
            running.stop()
            clock.now += 301
            assert (await tokens.verify(token)).subject == "robot"
            assert (await tokens.verify(token)).subject == "robot"
            assert issuer.times == 2
            assert await reason(tokens, jwt.encode({"alg": "RS256", "kid": "x"}, {}, OURS)) == "signature"
            with Provider(tmp_path / "provider.log", port) as again:
                clock.now += 11
                assert (await tokens.verify(again.token())).subject == "robot"
                # the provider came back with other keys, and under the same ids
                assert await reason(tokens, token) == "signature"


async def test_an_issuer_that_never_answered_makes_nobody_a_stranger(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider.log") as running:
        address, token = running.issuer, running.token()
    clock = Clock()
    async with Asked(address) as issuer:
        tokens = verifier(Keys(issuer, clock=clock), address)
        for _ in range(3):
            with pytest.raises(IssuerUnavailable):
                await tokens.verify(token)
        assert issuer.times == 1


SIGNING = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "b"})
SECRET = OctKey.generate_key(256, {"kid": "secret"})
PUBLISHED = [
    SECRET.as_dict(),
    {"kty": "RSA", "n": "A" * 170, "e": "AQAB", "kid": "short"},
    {"kty": "unheard-of", "kid": "new"},
    RSAKey.generate_key(2048, {"kid": "a", "use": "enc"}).as_dict(private=False),
    {"kid": "broken", "kty": "RSA", "n": "AQAB", "e": "AQAB"},
    {"kty": "RSA"},
    "no key",
    SIGNING.as_dict(private=False),
    CURVE.as_dict(private=False),
]


@pytest.fixture
def good(publisher: Publisher) -> dict[str, Any]:
    """Claims that are right."""
    publisher.publish(PUBLISHED)
    return {"iss": publisher.issuer, "aud": [AUDIENCE, "another"], "sub": "alice", "exp": 4_000_000_000}


@asynccontextmanager
async def theirs(good: dict[str, Any], **options: Any) -> AsyncIterator[AccessTokens]:
    """A verifier of them."""
    async with Issuer(good["iss"]) as issuer:
        yield verifier(Keys(issuer), good["iss"], **options)


def signed(claims: dict[str, Any], key: RSAKey | ECKey = SIGNING, **header: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": "a", **header}, claims, key)


async def test_keys_of_other_kinds_are_passed_over(good: dict[str, Any]) -> None:
    async with theirs(good) as tokens:
        for token in (
            signed(good),
            jwt.encode({"alg": "RS256"}, good, SIGNING),
            signed(good, CURVE, alg="ES256", kid="b"),
            signed(good, typ="at+jwt"),
        ):
            assert (await tokens.verify(token)).subject == "alice"
    # even if somebody could choose it, a shared secret finds no key
    async with theirs(good, algorithms=["HS256", "RS256"]) as tokens:
        token = jwt.encode({"alg": "HS256", "kid": "secret"}, good, SECRET, ["HS256"])
        assert await reason(tokens, token) == "signature"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"exp": None}, "claims"),
        ({"exp": "soon"}, "claims"),
        ({"exp": float("nan")}, "claims"),
        ({"exp": 1}, "expired"),
        ({"nbf": 3_900_000_000}, "nbf"),
        ({"iat": 3_900_000_000}, "iat"),
        ({"iss": "https://login.example.org"}, "iss"),
        ({"iss": ["https://login.example.org"]}, "iss"),
        ({"iss": None}, "claims"),
        ({"aud": "another"}, "aud"),
        ({"aud": AUDIENCE + "/"}, "aud"),
        ({"aud": {AUDIENCE: 1}}, "aud"),
        ({"aud": None}, "claims"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "claims"),
        ({"sub": "local"}, "subject"),
        ({"sub": " alice"}, "subject"),
        ({"sub": "ali\nce"}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"cnf": {"jkt": "x"}}, "claims"),
    ],
)
async def test_claims_that_are_not_right(good: dict[str, Any], changed: dict[str, Any], told: str) -> None:
    claims = {name: value for name, value in {**good, **changed}.items() if value is not None}
    async with theirs(good) as tokens:
        assert await reason(tokens, signed(claims)) == told


async def test_a_token_of_another_kind_is_no_access_token(good: dict[str, Any]) -> None:
    async with theirs(good) as tokens:
        assert await reason(tokens, signed(good, typ="logout+jwt")) == "type"


async def test_an_email_must_be_verified(good: dict[str, Any]) -> None:
    async with theirs(good, subject_claim="email") as tokens:
        claims = {**good, "email": "alice@example.org"}
        assert await reason(tokens, signed(claims)) == "subject"
        assert (await tokens.verify(signed({**claims, "email_verified": True}))).subject == "alice@example.org"
