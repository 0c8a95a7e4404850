"""Denials of access, counted and logged."""

from __future__ import annotations

import logging

from prometheus_client import Counter

_DENIED = Counter("expense_access_denied", "Requests and connections that were denied, by why.", ("reason",))

_log = logging.getLogger("graphql_api.access")


def denied(reason: str, message: str) -> None:
    """Access was denied. `reason` is one of a few words; the message holds no secret."""
    _DENIED.labels(reason).inc()
    _log.warning("Access was denied: %s", message, extra={"reason": reason})
