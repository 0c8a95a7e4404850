"""Who sends a request. Every door asks here, and says in its own words what is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql_api.http.graphql_errors import GraphQLRequestError
from graphql_api.ledgers.errors import Unauthenticated, Unavailable
from graphql_api.telemetry.access import denied

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from graphql_api.identity.callers import Caller
    from graphql_api.ledgers.principal import Principal

_NO_CREDENTIAL = "missing"


def principal_of(connection: HTTPConnection) -> Principal:
    """The principal that a request acts for. Raises `Unauthenticated`, and `Unavailable` if it cannot be known now."""
    return caller_of(connection).principal


def caller_of(connection: HTTPConnection) -> Caller:
    """`principal_of`, with how long the credential is good."""
    found: Caller | Unauthenticated | Unavailable = connection.state.caller
    if isinstance(found, Unauthenticated):
        denied(found.reason, str(found))
        raise found
    if isinstance(found, Unavailable):
        raise found
    return found


def graphql_principal_of(connection: HTTPConnection) -> Principal:
    """`principal_of` for GraphQL: raises `GraphQLRequestError`."""
    try:
        return principal_of(connection)
    except Unauthenticated as error:
        raise GraphQLRequestError(401, str(error), "UNAUTHENTICATED", headers=challenge(error)) from None
    except Unavailable as error:
        told, wait = {"retryAfter": error.retry_after}, {"Retry-After": str(error.retry_after)}
        raise GraphQLRequestError(503, str(error), "UNAVAILABLE", told, wait) from None


def challenge(error: Unauthenticated) -> dict[str, str]:
    """How to authenticate, as RFC 6750 has it: nothing is said to be wrong where nothing was sent."""
    told = "" if error.reason == _NO_CREDENTIAL else f', error="invalid_token", error_description="{error}"'
    return {"WWW-Authenticate": f'Bearer realm="expense"{told}'}
