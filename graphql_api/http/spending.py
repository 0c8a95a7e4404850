"""Charges a request's cost to its principal's budget, and tells what is left, by header and in refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql_api.http.graphql_errors import GraphQLRequestError
from graphql_api.http.principal import principal_of

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from graphql_api.cache.bucket import MemoryBuckets

SETTING = "EXPENSE_COST_RATE"


class OverBudget(Exception):
    """The principal's budget does not hold what the request may cost. `retry_after` is in whole seconds."""

    def __init__(self, cost: int, left: float, buckets: MemoryBuckets) -> None:
        """Say how much there is, and when there will be enough."""
        self.cost = cost
        self.left = int(left)
        self.rate = buckets.rate
        self.capacity = buckets.capacity
        self.retry_after = buckets.seconds_until(cost, left)
        super().__init__(
            f"The request may cost {cost:,}, and {self.left:,} is left of your budget, which regains {self.rate:,} "
            f"each second ({SETTING}). Try again in {self.retry_after:,} s."
        )

    @property
    def headers(self) -> dict[str, str]:
        """When to come again."""
        return {"Retry-After": str(self.retry_after), **_headers(self.left, self.rate, self.capacity)}


@dataclass(slots=True)
class Receipt:
    """What was taken from a budget; `headers` tell what is left, in the form of the IETF's RateLimit fields."""

    buckets: MemoryBuckets
    key: str
    cost: int
    left: float

    async def settle(self, actual: int) -> None:
        """Give back what a request did not cost after all."""
        if actual < self.cost:
            self.left = (await self.buckets.take(self.key, actual - self.cost)).left

    @property
    def headers(self) -> dict[str, str]:
        """What is left."""
        return _headers(int(self.left), self.buckets.rate, self.buckets.capacity)


async def charge(request: HTTPConnection, cost: int) -> Receipt | None:
    """Take a cost from the budget of the request's principal; None where there are no budgets. Raises `OverBudget`."""
    buckets: MemoryBuckets | None = request.state.buckets
    if buckets is None or not cost:
        return None
    # what costs more than a full bucket holds would never be taken: it waits for a full one
    cost = min(cost, buckets.capacity)
    key = principal_of(request).subject
    taken = await buckets.take(key, cost)
    if not taken.allowed:
        raise OverBudget(cost, taken.left, buckets)
    return Receipt(buckets, key, cost, taken.left)


async def charged(connection: HTTPConnection, cost: int) -> Receipt | None:
    """`charge` for GraphQL: raises `GraphQLRequestError`, which tells what is left."""
    try:
        return await charge(connection, cost)
    except OverBudget as error:
        told = {
            "retryAfter": error.retry_after,
            "cost": {"requested": error.cost, "left": error.left, "rate": error.rate, "capacity": error.capacity},
        }
        raise GraphQLRequestError(429, str(error), "OVER_BUDGET", told, error.headers) from None


def _headers(left: int, rate: int, capacity: int) -> dict[str, str]:
    window = -(-capacity // rate)
    return {
        "RateLimit-Policy": f'"cost";q={capacity};w={window}',
        "RateLimit": f'"cost";r={left};t={-(-(capacity - left) // rate)}',
    }
