"""What an issuer publishes, and what it must not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from graphql_api.identity.issuer import Issuer, IssuerUnavailable

if TYPE_CHECKING:
    from tests.identity.publishing import Publisher
    from tests.identity.running import Provider

pytestmark = pytest.mark.anyio

DISCOVERY = "/.well-known/openid-configuration"


async def refused(address: str) -> str:
    async with Issuer(address) as issuer:
        with pytest.raises(IssuerUnavailable) as error:
            await issuer.keys()
    return str(error.value)


async def test_the_keys_are_found_by_discovery(provider: Provider) -> None:
    async with Issuer(provider.issuer) as issuer:
        assert await issuer.keys() == provider.published()
        assert all(not {"d", "p", "q"} & set(key) for key in await issuer.keys())


async def test_an_issuer_must_be_who_it_says(provider: Provider) -> None:
    assert "of another issuer" in await refused(provider.issuer.replace("127.0.0.1", "localhost"))
    assert "of another issuer" in await refused(provider.issuer + "/")


async def test_nobody_listens(provider: Provider) -> None:
    assert "does not answer: ConnectError" in await refused("http://127.0.0.1:1")
    assert "answers with 404" in await refused(provider.issuer + "/tenant")


@pytest.mark.parametrize(
    "where", ["http://login.example.org/keys", "file:///etc/passwd", "keys", "", None, 7, "https://user@", "https://["]
)
async def test_keys_must_come_by_a_safe_way(publisher: Publisher, where: Any) -> None:
    publisher.publish([], jwks_uri=where)
    assert "names no address with TLS" in await refused(publisher.issuer)


@pytest.mark.parametrize("keys", [None, {}, "x"])
async def test_keys_must_be_a_list(publisher: Publisher, keys: Any) -> None:
    publisher.publish(keys)
    assert "gives no set of keys" in await refused(publisher.issuer)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff", b"[" * 100_000])
async def test_what_is_no_json(publisher: Publisher, body: bytes) -> None:
    publisher.answer(DISCOVERY, body)
    assert "does not answer with JSON" in await refused(publisher.issuer)


async def test_what_is_no_object(publisher: Publisher) -> None:
    publisher.answer(DISCOVERY, b"[]")
    assert "does not answer with a JSON object" in await refused(publisher.issuer)


async def test_a_redirect_is_not_followed(publisher: Publisher) -> None:
    publisher.publish([])
    publisher.answers["/elsewhere"] = publisher.answers[DISCOVERY]
    publisher.answer(DISCOVERY, b"", 302, Location="/elsewhere")
    assert "answers with 302" in await refused(publisher.issuer)


async def test_an_endless_answer_is_left(publisher: Publisher) -> None:
    publisher.answer(DISCOVERY, b"[" + b" " * 600_000 + b"]")
    assert "more than 524,288 bytes" in await refused(publisher.issuer)


async def test_silence_is_waited_for_a_few_seconds(publisher: Publisher) -> None:
    publisher.answer(DISCOVERY, b"{", length=2)
    begun = time.monotonic()
    assert "does not answer" in await refused(publisher.issuer)
    assert time.monotonic() - begun < 30
