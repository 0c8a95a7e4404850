"""The text of a personal API token: `exp_`, a prefix by which it is known, `_`, a secret, and a checksum.

The secret has 256 bits of the system's randomness, so its SHA-256 can be kept as it is: there is nothing to guess, and
a slow hash would only slow every request. The checksum tells a text that was cut or mistyped, and what somebody made
up, without asking the database; it keeps nobody out.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass

SCHEME = "exp_"
"""What every token begins with: scanners for leaked secrets find it by that."""

PREFIX_LENGTH = 8
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS = 256
_SECRET_LENGTH = 43  # of 62 digits, for 256 bits
_SUM_LENGTH = 6  # for 32 bits
_FORM = re.compile(
    rf"{SCHEME}([0-9A-Za-z]{{{PREFIX_LENGTH}}})_[0-9A-Za-z]{{{_SECRET_LENGTH}}}[0-9A-Za-z]{{{_SUM_LENGTH}}}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token's text, which is shown once and kept nowhere; `prefix` and `digest` are what is kept."""

    text: str

    @classmethod
    def new(cls) -> ApiToken:
        """A token that nobody can guess."""
        prefix = "".join(secrets.choice(_DIGITS) for _ in range(PREFIX_LENGTH))
        body = f"{SCHEME}{prefix}_{_written(secrets.randbits(_SECRET_BITS), _SECRET_LENGTH)}"
        return cls(body + _checksum(body))

    @classmethod
    def parse(cls, text: str) -> ApiToken | None:
        """The token of a text; None if it is none, or is not whole."""
        if not _FORM.fullmatch(text) or _checksum(text[:-_SUM_LENGTH]) != text[-_SUM_LENGTH:]:
            return None
        return cls(text)

    @property
    def prefix(self) -> str:
        """By which people tell their tokens apart."""
        return self.text[len(SCHEME) : len(SCHEME) + PREFIX_LENGTH]

    @property
    def digest(self) -> str:
        """The SHA-256 of the text, in hexadecimal."""
        return digest_of(self.text)

    def __repr__(self) -> str:
        """Without the secret."""
        return f"ApiToken({self.prefix})"


def digest_of(text: str) -> str:
    """The SHA-256 of a token's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    return _written(zlib.crc32(body.encode("ascii")), _SUM_LENGTH)


def _written(number: int, length: int) -> str:
    """A number in the digits, most significant first."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
