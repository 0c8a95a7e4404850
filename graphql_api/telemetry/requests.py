"""Metrics of HTTP requests, by the route's template: never by the path, which has no bound."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; close together around the 100 ms that a request should take at most."""

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

_REQUESTS = Counter("http_requests", "Requests that were answered.", ("method", "route", "status"))
_DURATION = Histogram(
    "http_request_duration_seconds",
    "Time from a request to its answer's last byte.",
    ("method", "route"),
    buckets=BUCKETS,
)
IN_FLIGHT = Gauge("http_requests_in_flight", "Requests that are being answered.", multiprocess_mode="livesum")

_known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}


def answered(method: str, route: str, status: int, seconds: float | None) -> None:
    """Count a request. `status` is told as its class, such as 2xx; `seconds` is None for a stream that is left open."""
    key = (method if method in _METHODS else "other", route, status // 100)
    found = _known.get(key)
    if found is None:
        method, route, kind = key
        found = _known[key] = _REQUESTS.labels(method, route, f"{kind}xx"), _DURATION.labels(method, route)
    requests, duration = found
    requests.inc()
    if seconds is not None:
        duration.observe(seconds)
