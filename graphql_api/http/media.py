"""Choosing an answer's media type by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def accepted(header: str, offered: Sequence[str]) -> str | None:
    """The offered type that the client likes best, the first offered where it does not mind; None if none will do."""
    if not header.strip():
        return offered[0]
    liking = {media: _quality(header, media) for media in offered}
    best = max(offered, key=lambda media: liking[media])
    return best if liking[best] > 0 else None


def _quality(header: str, media: str) -> float:
    """The quality that the most specific matching range gives."""
    found: tuple[int, float] = (-1, 0.0)
    for part in header.split(","):
        name, *parameters = part.split(";")
        specific = _matches(name.strip().lower(), media)
        if specific > found[0]:
            found = (specific, _q(parameters))
    return found[1]


def _matches(wanted: str, media: str) -> int:
    if wanted == media:
        return 2
    if wanted == f"{media.partition('/')[0]}/*":
        return 1
    return 0 if wanted == "*/*" else -1


def _q(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value.strip())))
            except ValueError:
                return 0.0
    return 1.0
