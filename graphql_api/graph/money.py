"""Money in GraphQL."""

from __future__ import annotations

from decimal import Decimal

import strawberry

from graphql_api.graph.scalars import BigInt
from graphql_api.ledgers.money import major_units


@strawberry.type(description="An exact amount in one currency.")
class Money:
    """An amount; negative for refunds."""

    minor: strawberry.Private[int]
    currency: str = strawberry.field(description="ISO 4217 alphabetic code.")

    @strawberry.field(description="In major units, with all the decimals of the currency: “12.50”.")
    def value(self) -> Decimal:
        """Major units."""
        return major_units(self.minor, self.currency)

    @strawberry.field(description="In minor units, such as cents.")
    def minor_units(self) -> BigInt:
        """Minor units."""
        return BigInt(self.minor)


@strawberry.input(description="An amount, in major units.")
class MoneyInput:
    """An amount as it is given."""

    value: Decimal = strawberry.field(description="Up to as many decimals as the currency has; negative for refunds.")
    currency: str | None = strawberry.field(
        default=None, description="ISO 4217 alphabetic code; the ledger's own if left out."
    )
