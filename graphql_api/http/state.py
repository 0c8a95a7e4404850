"""What lives as long as the application, and reaches each request as `request.state`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    import asyncio

    from redis.asyncio import Redis

    from graphql_api.cache.answers import Answers
    from graphql_api.cache.bucket import MemoryBuckets
    from graphql_api.cache.documents import SentDocuments
    from graphql_api.cache.entities import Entities
    from graphql_api.cache.wakeups import Wakeups
    from graphql_api.database.database import Database
    from graphql_api.http.health import Health
    from graphql_api.http.subscribing import OpenSubscriptions
    from graphql_api.identity.callers import Caller, Callers
    from graphql_api.ledgers.errors import Unauthenticated, Unavailable
    from graphql_api.settings import Settings


class State(TypedDict):
    """Born in the lifespan, gone with it. `closing` is set when the process was asked to end.

    `answers` and `entities` are None where nothing is to be cached. `caller` is each request's
    own: who sends it, or why that is not known.
    """

    settings: Settings
    callers: Callers
    caller: NotRequired[Caller | Unauthenticated | Unavailable]
    database: Database
    redis: Redis | None
    health: Health
    answers: Answers | None
    entities: Entities | None
    buckets: MemoryBuckets | None
    sent_documents: SentDocuments
    closing: asyncio.Event
    wakeups: Wakeups
    subscriptions: OpenSubscriptions
