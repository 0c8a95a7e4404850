"""Texts in a CSV file that a spreadsheet would run as a formula, made harmless and back.

An apostrophe in front makes a spreadsheet take the cell as text. A text that itself begins with an apostrophe gets
one more, so that what comes back is what went out.
"""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")  # noqa: RUF001  full-width forms
_MARK = "'"


def guarded(text: str) -> str:
    """The text as it goes out."""
    return _MARK + text if text.startswith(_DANGEROUS) else text


def unguarded(text: str) -> str:
    """The text as it was before it went out."""
    return text.removeprefix(_MARK)
