"""The composition root: the one file that knows all parts."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from graphql_api.cache.answers import Answers
from graphql_api.cache.bucket import open_buckets
from graphql_api.cache.build import build_digest
from graphql_api.cache.documents import SentDocuments
from graphql_api.cache.entities import Entities
from graphql_api.cache.redis import open_redis
from graphql_api.cache.results import Results
from graphql_api.cache.shared import Shared
from graphql_api.cache.versions import open_versions
from graphql_api.cache.wakeups import Announcing, Wakeups
from graphql_api.database.schema import check_revision
from graphql_api.database.shelf import ensure_default_ledger
from graphql_api.http import health, static
from graphql_api.http.authentication import Authentication
from graphql_api.http.body_limit import BodyLimit
from graphql_api.http.closing import closing_event
from graphql_api.http.coded_tags import CodedTags
from graphql_api.http.compression import compression
from graphql_api.http.costs import subscriptions_limit
from graphql_api.http.errors import HANDLERS
from graphql_api.http.graphql import GraphQLDoor
from graphql_api.http.guard import Guard
from graphql_api.http.headers import SecurityHeaders
from graphql_api.http.maintenance import maintenance
from graphql_api.http.observe import Observe
from graphql_api.http.rest import rest_routes
from graphql_api.http.subscribing import OpenSubscriptions
from graphql_api.identity.opening import open_callers
from graphql_api.ledgers.principal import LOCAL, NOBODY
from graphql_api.stores import open_database
from graphql_api.telemetry.exposition import MetricsEndpoint
from graphql_api.telemetry.metrics import WriteMetrics
from graphql_api.telemetry.tracing import Tracing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from redis.asyncio import Redis
    from starlette.routing import BaseRoute

    from graphql_api.database.database import Database
    from graphql_api.http.state import State
    from graphql_api.settings import Settings

ENTITIES_SHARE = 4
"""Entities have this part of the cache's bytes, answers the rest."""

_METHODS = ("GET", "POST", "DELETE", "OPTIONS")
_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Traceparent",
    "X-Ledger-Id",
    "X-Request-Id",
)
_EXPOSED = (
    "ETag",
    "WWW-Authenticate",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)


def create_app(settings: Settings) -> Starlette:
    """The service as an ASGI application."""
    endpoint = settings.otlp_endpoint
    tracing = None if endpoint is None else Tracing(endpoint, settings.trace_ratio)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        async with AsyncExitStack() as stack:
            if tracing is not None:
                stack.push_async_callback(asyncio.to_thread, tracing.close)
            # requests have their own end before; this one is for those whose process is gone
            wakeups = Wakeups()
            observer = Announcing(WriteMetrics(), wakeups)
            database = open_database(settings, observer, statement_seconds=settings.request_timeout + 1)
            stack.push_async_callback(database.close)
            await check_revision(database.engines.read)
            if settings.identity == "local":  # anywhere else, who makes a ledger is its owner
                await ensure_default_ledger(database.engines.write, LOCAL.subject, settings.currency)
            redis = await stack.enter_async_context(open_redis(settings.redis_url))
            if tracing is not None and redis is not None:
                tracing.watch(redis)
            answers, entities = await stack.enter_async_context(_cache(settings, database, redis))
            checks = health.Health(settings.database_url.get_secret_value(), redis)
            stack.push_async_callback(checks.close)
            await stack.enter_async_context(maintenance(database.forget_old_keys))
            await stack.enter_async_context(wakeups.running(database, redis))
            callers = await stack.enter_async_context(open_callers(settings, database.engines.read))
            closing = stack.enter_context(closing_event())
            yield {
                "settings": settings,
                "callers": callers,
                "database": database.acting_as(NOBODY),
                "redis": redis,
                "health": checks,
                "sent_documents": SentDocuments(redis),
                "answers": answers,
                "entities": entities,
                "buckets": open_buckets(redis, settings.cost_capacity, settings.cost_rate),
                "closing": closing,
                "wakeups": wakeups,
                "subscriptions": OpenSubscriptions(subscriptions_limit(settings)),
            }

    app = Starlette(
        routes=_routes(settings),
        middleware=_middleware(settings, tracing),
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    # a redirect to another spelling of a path would go to whatever host the request names
    app.router.redirect_slashes = False
    return app


@asynccontextmanager
async def _cache(
    settings: Settings, database: Database, redis: Redis | None
) -> AsyncIterator[tuple[Answers | None, Entities | None]]:
    """What is kept of answers and of entities."""
    if not settings.cache_bytes:
        yield None, None
        return
    async with AsyncExitStack() as stack:
        shared = None
        if redis is not None:
            # what is computed from the code is wanted only where others, perhaps of other code, see what is kept
            shared = Shared(redis, build_digest())
            stack.push_async_callback(shared.close)
        entities = Entities(settings.cache_bytes // ENTITIES_SHARE, shared)
        results = Results(settings.cache_bytes - settings.cache_bytes // ENTITIES_SHARE, shared)
        answers = Answers(results, open_versions(database, most=settings.request_timeout))
        stack.push_async_callback(answers.close)
        yield answers, entities


def _routes(settings: Settings) -> list[BaseRoute]:
    return [
        # one line a door: the first that matches a path answers
        *GraphQLDoor(settings).routes(),
        *health.routes,
        *rest_routes(),
        *static.routes(enabled=settings.playground),
        Route("/metrics", MetricsEndpoint(), methods=["GET"]),
    ]


def _middleware(settings: Settings, tracing: Tracing | None) -> list[Middleware]:
    """From the outermost to the innermost."""
    layers = [
        Middleware(Observe, access_log=settings.access_log, tracing=tracing),
        Middleware(SecurityHeaders),
        Middleware(Guard, hosts=settings.allowed_hosts, origins=settings.cors_origins),
        Middleware(Authentication),
        Middleware(CodedTags),
        compression(),
        Middleware(BodyLimit, most=settings.max_body_bytes, pause=settings.body_timeout),
    ]
    if settings.cors_origins:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=_METHODS,
            allow_headers=_HEADERS,
            expose_headers=_EXPOSED,
        )
        layers.insert(3, cors)
    if settings.trusted_proxies:
        layers.insert(0, Middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies))
    return layers
