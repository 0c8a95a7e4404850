"""Which pages may call: the service's own, and those of origins in EXPENSE_CORS_ORIGINS."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.datastructures import Headers

_OWN_SITE = frozenset(("same-origin", "none"))


class Origins:
    """Origins such as https://example.org; * stands for every one."""

    def __init__(self, origins: Collection[str]) -> None:
        """Take those of the settings."""
        self._any = "*" in origins
        self._known = frozenset(origin.lower().rstrip("/") for origin in origins)

    def may_call(self, headers: Headers) -> bool:
        """Whether a request comes from a page that may call, or from a program: programs tell no origin."""
        origin = headers.get("origin", "").lower()
        site = headers.get("sec-fetch-site")
        if self._any or origin in self._known or site in _OWN_SITE:
            return True
        if site is None:
            return not origin or urlsplit(origin).netloc == headers.get("host", "").lower()
        return False


def tells_origin(headers: Headers) -> bool:
    """Whether a request would tell if it came from another site's page; old browsers do not for images and links.

    Pages cannot set these headers. Node sends the mode of a fetch without a site, because it is no browser.
    """
    return any(name in headers for name in ("sec-fetch-site", "sec-fetch-mode", "origin"))
