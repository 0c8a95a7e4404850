"""Values in the process's memory, bounded by their bytes: what was used longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

from prometheus_client import Gauge

if TYPE_CHECKING:
    from collections.abc import Hashable

V = TypeVar("V")

LARGEST_SHARE = 8
"""A value that would take more than this part of the room is not kept."""

_BYTES = Gauge("expense_cache_bytes", "Bytes that cached values take.", ("content",), multiprocess_mode="livesum")
_ENTRIES = Gauge("expense_cache_entries", "Cached values in memory.", ("content",), multiprocess_mode="livesum")


class Memory(Generic[V]):
    """Values by key, `most` bytes of them. `content` says in the metrics what they are."""

    def __init__(self, content: str, most: int) -> None:
        """Begin empty."""
        self._told_bytes, self._told_entries = _BYTES.labels(content), _ENTRIES.labels(content)
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> V | None:
        """The value of a key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        """Keep a value that takes `size` bytes with its key."""
        if size > self._most // LARGEST_SHARE:
            return
        before = self._kept.pop(key, None)
        self.bytes += size - (0 if before is None else before[1])
        self._kept[key] = (value, size)
        while self.bytes > self._most:
            self.bytes -= self._kept.popitem(last=False)[1][1]
        self._told_bytes.set(self.bytes)
        self._told_entries.set(len(self._kept))
