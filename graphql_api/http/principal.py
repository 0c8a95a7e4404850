"""Who sends a request. Every door asks here, so that an identity provider needs no other place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.ledgers.principal import LOCAL

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from graphql_api.ledgers.principal import Principal


def principal_of(request: HTTPConnection) -> Principal:  # noqa: ARG001  every request is the machine's owner's until then
    """The principal that a request acts for."""
    return LOCAL
