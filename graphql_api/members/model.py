"""A member."""

from __future__ import annotations

from dataclasses import dataclass

from graphql_api.ledgers.model import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Entity):
    """A seat at a ledger: somebody's, or an invitation that nobody has taken yet.

    `subject` is the principal's, None for an invitation; it is unique in its ledger among seats that are not deleted.
    `role` is the value of a `Role`. An invitation has the digest of its code and the instant (microseconds of UTC
    since 1970) at which it ends; `invited_by` stays when it is taken.
    """

    subject: str | None
    role: str
    invited_by: str | None = None
    code_digest: str | None = None
    expires_at: int | None = None
