"""Text: Unicode in NFC, without control characters, with a key that finds it without case and accents."""

from __future__ import annotations

import unicodedata

from graphql_api.ledgers.errors import Code, Refused

KEY_LENGTH = 255
"""Characters of a search key that are kept: a key may be longer than its text (ß becomes ss)."""

_LINE_CONTROLS = frozenset("\n\t")


def clean(value: object, *path: str | int, longest: int, required: bool = False, multiline: bool = False) -> str:
    """The text in NFC without outer white space; "" stands for none.

    Refuses lone surrogates, NUL and other control characters (line feeds and tabs only where `multiline`),
    and more than `longest` characters.
    """
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise Refused.because(Code.INVALID, f"{_name(path)} takes text.", *path)
    # refused before it is normalised, which would cost time in proportion
    if len(value) > 4 * longest:
        raise Refused.because(Code.TOO_LONG, _too_long(path, longest), *path)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if required and not text:
        raise Refused.because(Code.REQUIRED, f"{_name(path)} must not be empty.", *path)
    if len(text) > longest:
        raise Refused.because(Code.TOO_LONG, _too_long(path, longest), *path)
    if not text.isprintable():
        _refuse_controls(text, path, multiline=multiline)
    return text


def search_key(text: str) -> str:
    """The same key for texts that differ by case, accents or runs of white space only.

    Marks with a combining class are dropped; vowel signs of Indic scripts have none and stay.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return " ".join((bare or folded).split())


def name_key(text: str) -> str:
    """The search key as far as it is kept in an indexed column."""
    return search_key(text)[:KEY_LENGTH]


def _refuse_controls(text: str, path: tuple[str | int, ...], *, multiline: bool) -> None:
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if category == "Cs" or (category == "Cc" and not (multiline and character in _LINE_CONTROLS)):
            what = "a lone surrogate" if category == "Cs" else "a control character"
            message = f"{_name(path)} holds {what} (U+{ord(character):04X}) at character {position + 1}."
            raise Refused.because(Code.INVALID, message, *path)


def _name(path: tuple[str | int, ...]) -> str:
    names = [part for part in path if isinstance(part, str)]
    return names[-1] if names else "The value"


def _too_long(path: tuple[str | int, ...], longest: int) -> str:
    return f"{_name(path)} is longer than {longest:,} characters."
