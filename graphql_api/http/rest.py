"""Mounts both REST dialects, and the document that describes them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from graphql_api.http import v1, workshop
from graphql_api.http.openapi import document_text
from graphql_api.http.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from graphql_api.http.operation import Operation
    from graphql_api.http.resource import Dialect


def rest_routes() -> list[BaseRoute]:
    """The routes of both dialects and of /openapi.json."""
    routes = _mounted(v1.DIALECT, v1.OPERATIONS)
    routes.append(Route(f"{v1.PREFIX}/{{rest:path}}", Resource(v1.DIALECT, ())))
    for prefix in workshop.PREFIXES:
        routes += _mounted(workshop.DIALECT, workshop.OPERATIONS, prefix)
    routes.append(Route("/openapi.json", _document))
    return routes


def _mounted(dialect: Dialect, operations: Sequence[Operation], prefix: str = "") -> list[BaseRoute]:
    by_path = groupby(operations, lambda operation: operation.path)
    return [Route(prefix + path, Resource(dialect, list(group)), name=path) for path, group in by_path]


async def _document(_: Request) -> Response:
    return Response(document_text(), media_type="application/json", headers={"Cache-Control": "no-cache"})
