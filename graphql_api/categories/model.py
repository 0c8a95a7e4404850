"""A category."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_api.ledgers.model import Entity

DEEPEST = 8
"""Levels that the tree may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Entity):
    """A node of the ledger's tree. Its name is unique below its parent (None: at the top) among those not deleted."""

    name: str
    parent_id: int | None = None
