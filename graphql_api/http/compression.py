"""Compression of answers: zstd, brotli or gzip, by starlette-compress.

What compresses together a secret and a text that a stranger chooses can leak the secret by its length (BREACH). Here a
stranger's page can choose nothing and see no length that tells: writes from other sites are refused by `Guard`, there
are no cookies that a browser would send along, and no answer holds a token.
"""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette_compress import CompressMiddleware, add_compress_type

from graphql_api.http.answer import RESPONSE_TYPE

SMALLEST = 500
"""Bytes of a body below which compression saves less than it costs."""

_MORE_TYPES = (RESPONSE_TYPE, "application/problem+json", "application/health+json", "application/openmetrics-text")


def compression() -> Middleware:
    """The layer; event streams are sent on with each event."""
    for media in _MORE_TYPES:
        add_compress_type(media)
    return Middleware(CompressMiddleware, minimum_size=SMALLEST)
