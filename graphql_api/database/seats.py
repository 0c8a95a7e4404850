"""Who sits at a ledger: what its members may do, read wherever it has to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, false, select

from graphql_api.database.tables import ledgers, members
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.principal import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

SEATED: ColumnElement[bool] = and_(members.c.ledger_id == ledgers.c.id, members.c.deleted == false())
"""The condition that joins a ledger with those who are its members now; an invitation has no subject."""


async def roles_of(connection: AsyncConnection, ledger_id: int, subjects: Collection[str]) -> dict[str, Role]:
    """What those of the subjects may do who are members of the ledger."""
    if not subjects:
        return {}
    statement = select(members.c.subject, members.c.role).where(
        members.c.ledger_id == ledger_id, members.c.deleted == false(), members.c.subject.in_(sorted(subjects))
    )
    return {row.subject: Role(row.role) for row in (await connection.execute(statement)).all()}


def no_such_ledger() -> Refused:
    """What is told of a ledger that is not there, and of one that is not the caller's: nobody can tell them apart."""
    return Refused.because(Code.NOT_FOUND, "There is no such ledger.", "ledgerId")
