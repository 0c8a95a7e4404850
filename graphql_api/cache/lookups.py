"""Counters of what was looked for in the cache: by content (answers, entities) and layer (memory, redis)."""

from __future__ import annotations

from prometheus_client import Counter

_LOOKUPS = Counter(
    "expense_cache_lookups", "Values looked for in a layer of the cache.", ("content", "layer", "outcome")
)
_SERVED = Counter("expense_cache_served_bytes", "Bytes that a layer of the cache gave.", ("content", "layer"))


class Lookups:
    """The counters of one content in one layer."""

    def __init__(self, content: str, layer: str) -> None:
        """Have the counters at zero, so that a rate finds them."""
        self._hits = _LOOKUPS.labels(content, layer, "hit")
        self._misses = _LOOKUPS.labels(content, layer, "miss")
        self._failures = _LOOKUPS.labels(content, layer, "failure")
        self._bytes = _SERVED.labels(content, layer)

    def hit(self, size: int, count: int = 1) -> None:
        """`count` values of `size` bytes together were there."""
        self._hits.inc(count)
        self._bytes.inc(size)

    def missed(self, count: int = 1) -> None:
        """`count` values were not there."""
        self._misses.inc(count)

    def failed(self, count: int = 1) -> None:
        """The layer did not answer when asked for `count` values."""
        self._failures.inc(count)
