"""The text of personal API tokens."""

import hashlib
import re

from graphql_api.identity.api_token import ApiToken


def test_a_token_is_read_again() -> None:
    token = ApiToken.new()
    assert re.fullmatch(r"exp_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}", token.text)
    assert ApiToken.parse(token.text) == token
    assert token.text.startswith(f"exp_{token.prefix}_")
    assert token.digest == hashlib.sha256(token.text.encode()).hexdigest()


def test_no_two_are_alike() -> None:
    made = [ApiToken.new() for _ in range(2000)]
    assert len({token.text for token in made}) == len({token.digest for token in made}) == 2000
    # the secret's first digit is below what 256 bits can reach, and each of the others is any
    assert {character for token in made for character in token.text[14:56]} == set(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    )


def test_every_single_mistake_is_found() -> None:
    text = ApiToken.new().text
    assert ApiToken.parse(text[:-1]) is None
    assert ApiToken.parse(text + "0") is None
    assert ApiToken.parse(text + "\n") is None
    for place, character in enumerate(text):
        for other in "09AZaz_ é\0":
            if other != character:
                assert ApiToken.parse(text[:place] + other + text[place + 1 :]) is None


def test_what_is_no_token() -> None:
    for text in ("", "exp_", "exp_abcdefgh_", "Bearer x", "exp_" + "a" * 8 + "_" + "a" * 49, "ghp_" + "a" * 40):
        assert ApiToken.parse(text) is None


def test_a_token_is_not_shown_by_chance() -> None:
    token = ApiToken.new()
    assert token.text not in f"{token!r} {token} {[token]}"
