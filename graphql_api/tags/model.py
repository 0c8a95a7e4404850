"""A tag."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_api.ledgers.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Entity):
    """A label. Its name is unique in its ledger, without regard to case and accents, among tags not deleted."""

    name: str
