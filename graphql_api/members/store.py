"""Where members are kept, and the rules between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import false, select

from graphql_api.database import tables
from graphql_api.database.kinds import Kind
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.principal import Role
from graphql_api.members.model import Member

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from graphql_api.database.book import Book


async def _check(book: Book, member: Member, _: Member | None = None) -> None:
    if member.subject is not None and not member.deleted:
        found = await book.find(MEMBER, "subject", [member.subject])
        if any(other.id != member.id and not other.deleted for other in found[member.subject]):
            raise Refused.because(Code.ALREADY_EXISTS, f"{member.subject} is a member already.", "subject")
    if not is_owner(member):
        await _check_unused(book, member)


async def _check_unused(book: Book, member: Member) -> None:
    """Whoever else comes and goes, a ledger with members has an owner among them."""
    owners = await book.find(MEMBER, "role", [Role.OWNER.value])
    if not any(is_owner(other) and other.id != member.id for other in owners[Role.OWNER.value]):
        message = "The ledger would have no owner: make somebody else an owner first."
        raise Refused.because(Code.IN_USE, message, "id")


MEMBER = Kind(
    name="member",
    entity=Member,
    table=tables.members,
    archive=tables.members_archive,
    check=_check,
    check_unused=_check_unused,
    writer=Role.OWNER,
)


def is_owner(member: Member) -> bool:
    """Whether it is somebody's seat, and an owner's."""
    return not member.deleted and member.subject is not None and member.role == Role.OWNER.value


async def seat_of(book: Book, subject: str) -> Member | None:
    """The seat of a subject who is a member now."""
    found = await book.find(MEMBER, "subject", [subject])
    return next((member for member in found[subject] if not member.deleted), None)


async def ledger_of_code(engine: AsyncEngine, digest: str) -> int | None:
    """The ledger that an invitation's code invites to, whether it still can be taken or not."""
    table = tables.members.c
    statement = select(table.ledger_id).where(table.code_digest == digest, table.deleted == false()).limit(1)
    async with engine.connect() as connection:
        found: int | None = await connection.scalar(statement)
        return found
