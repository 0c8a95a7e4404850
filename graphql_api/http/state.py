"""What lives as long as the application, and reaches each request as `request.state`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from graphql_api.database.database import Database
    from graphql_api.settings import Settings


class State(TypedDict):
    """Born in the lifespan, gone with it."""

    settings: Settings
    database: Database
