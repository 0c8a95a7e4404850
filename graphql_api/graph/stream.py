"""What a subscription has beside the context of its events: where it began, where it is, and who wakes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql_api.cache.wakeups import Wakeups


@dataclass(slots=True)
class Stream:
    """One subscription's. `resume` is the place that its client reached before, `place` that of the newest event."""

    wakeups: Wakeups
    resume: str | None = None
    place: str | None = None
