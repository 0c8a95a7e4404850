"""Health: alive (no dependency asked), ready (database and schema), and a report for people and load balancers."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from starlette.responses import JSONResponse
from starlette.routing import Route

import graphql_api
from graphql_api.database.engine import open_engines, ping
from graphql_api.database.schema import SchemaMismatch, check_revision
from graphql_api.http.errors import problem
from graphql_api.telemetry.dependencies import checked

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from starlette.requests import Request
    from starlette.responses import Response

    from graphql_api.http.state import State

log = logging.getLogger("graphql_api.health")

LIMIT = 1.0
"""Seconds that a check may take; a dependency that needs longer is down."""

FRESH = 0.5
"""Seconds that a check's result stands for those who ask next."""

GREETING = "This is the health check"
HEALTH_JSON = "application/health+json"

Up = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Report:
    """What answers and what does not. Redis is "off" when none is configured."""

    database: Up
    redis: Literal["up", "down", "off"]
    at: datetime
    reason: str = ""

    @property
    def status(self) -> Literal["ok", "degraded"]:
        """Whether everything that is configured answers."""
        return "degraded" if "down" in (self.database, self.redis) else "ok"

    def to_json(self) -> dict[str, str]:
        """The report as the v1 dialect tells it."""
        at = self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"status": self.status, "timestamp": at, "database": self.database, "redis": self.redis}


class Health:
    """Checks with a connection of its own, so that a pool which is only busy does not count as down."""

    def __init__(self, database_url: str, redis: Redis | None) -> None:
        """Connects at the first check."""
        self._engines = open_engines(database_url, pool_size=1)
        self._redis = redis
        self._lock = asyncio.Lock()
        self._schema_is_right = False
        self._last: tuple[float, Report] | None = None

    async def report(self) -> Report:
        """The present state; many who ask at once share one check."""
        async with self._lock:
            if self._last is None or monotonic() - self._last[0] > FRESH:
                reason, redis = await asyncio.gather(self._check_database(), self._check_redis())
                report = Report("down" if reason else "up", redis, datetime.now(UTC), reason)
                self._last = monotonic(), report
                checked("database", up=report.database == "up")
                if report.redis != "off":
                    checked("redis", up=report.redis == "up")
            return self._last[1]

    async def close(self) -> None:
        """Close the connection."""
        await self._engines.dispose()

    async def _check_database(self) -> str:
        """Why the database cannot be used; empty if it can."""
        try:
            async with asyncio.timeout(LIMIT):
                # once only: an old version goes on serving while a newer one has taken the schema further
                if not self._schema_is_right:
                    await check_revision(self._engines.read)
                    self._schema_is_right = True
                async with self._engines.read.connect() as connection:
                    await ping(connection)
        except SchemaMismatch as mismatch:
            return str(mismatch)
        except Exception as error:  # noqa: BLE001  whatever it is, the database cannot be used
            log.warning("The database does not answer: %s", type(error).__name__)
            return "The database does not answer."
        return ""

    async def _check_redis(self) -> Literal["up", "down", "off"]:
        if self._redis is None:
            return "off"
        try:
            async with asyncio.timeout(LIMIT):
                await self._redis.ping()
        except Exception as error:  # noqa: BLE001  the same
            log.warning("Redis does not answer: %s", type(error).__name__)
            return "down"
        return "up"


async def health_report(state: State) -> Report:
    """What the application's dependencies are doing."""
    return await state["health"].report()


async def alive(_: Request) -> Response:
    """GET /livez: this process answers; a load balancer that hears nothing should have it restarted."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """GET /readyz: requests may be sent here. Redis is not needed for that."""
    if request.state.closing.is_set():
        return problem(503, "The service is shutting down.", headers={"Retry-After": "1"})
    report = await request.state.health.report()
    if report.reason:
        members = {"database": report.database, "redis": report.redis}
        return problem(503, report.reason, headers={"Retry-After": "1"}, **members)
    return JSONResponse(report.to_json())


async def health(request: Request) -> Response:
    """GET /health: the workshop's greeting, or the report for `Accept: application/health+json`."""
    if HEALTH_JSON not in request.headers.get("accept", ""):
        return JSONResponse(GREETING)
    report: Report = await request.state.health.report()
    return JSONResponse(_health_json(report), 503 if report.database == "down" else 200, media_type=HEALTH_JSON)


def _health_json(report: Report) -> dict[str, Any]:
    """As draft-inadarei-api-health-check has it: pass, warn or fail, with each dependency's own."""
    time = report.to_json()["timestamp"]
    checks: dict[str, list[dict[str, str]]] = {
        "database:connectivity": [_check("fail" if report.database == "down" else "pass", time, report.reason)],
    }
    if report.redis != "off":
        checks["redis:connectivity"] = [_check("warn" if report.redis == "down" else "pass", time)]
    status = "fail" if report.database == "down" else "warn" if report.redis == "down" else "pass"
    return {"status": status, "version": graphql_api.__version__, "checks": checks}


def _check(status: str, time: str, output: str = "") -> dict[str, str]:
    found = {"componentType": "datastore", "status": status, "time": time}
    return found | {"output": output} if output else found


routes = [
    Route("/livez", alive),
    Route("/readyz", ready),
    Route("/health", health),
    Route("/api/health", health),
]
