"""Writing members: inviting, accepting, changing a role, taking somebody out, and leaving.

Each write is alone in its transaction, so that what follows it in the ledger is judged by what it left.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from graphql_api.database.commands import one_row
from graphql_api.database.rules import deleted, existing, updated
from graphql_api.ledgers.errors import Code, Refused
from graphql_api.ledgers.principal import LOCAL, Role
from graphql_api.ledgers.text import clean
from graphql_api.members.model import Member
from graphql_api.members.store import MEMBER, seat_of

if TYPE_CHECKING:
    from graphql_api.database.book import Book
    from graphql_api.database.writer import Envelope, Write

CODE_PREFIX = "invite_"
MOST_DAYS = 90
"""Days that an invitation may last."""

SUBJECT_LENGTH = 255

_CODE_BYTES = 32
_DAY = 24 * 60 * 60 * 1_000_000
_CODE = re.compile(rf"{CODE_PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)


def new_code() -> str:
    """An invitation's code: 256 random bits, which only who is given it knows."""
    return f"{CODE_PREFIX}{secrets.token_urlsafe(_CODE_BYTES)}"


def digest_of(code: str, *path: str | int) -> str:
    """What is kept of a code. Refuses what was never one."""
    if not _CODE.fullmatch(code):
        raise no_invitation(*path)
    return hashlib.sha256(code.encode()).hexdigest()


def invite(envelope: Envelope, role: Role, digest: str, days: int) -> Write:
    """A write that makes an invitation, which ends after so many days."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused.because(Code.INVALID, f"An invitation lasts 1 to {MOST_DAYS} days.", "days")

    async def apply(book: Book) -> Member:
        return book.create(
            MEMBER,
            Member(
                ledger_id=0,
                id=0,
                subject=None,
                role=role.value,
                invited_by=book.actor,
                code_digest=digest,
                expires_at=book.at + days * _DAY,
            ),
        )

    return one_row(envelope, apply, alone=True)


def accept(envelope: Envelope, digest: str) -> Write:
    """A write by which its actor takes the seat that an invitation keeps free."""

    async def apply(book: Book) -> Member:
        found = await book.find(MEMBER, "code_digest", [digest])
        seat = next((member for member in found[digest] if not member.deleted), None)
        if seat is None or seat.expires_at is None or seat.expires_at <= book.at:
            raise no_invitation("code")
        if await seat_of(book, book.actor) is not None:
            raise Refused.because(Code.ALREADY_EXISTS, "You are a member of this ledger already.", "code")
        return book.update(MEMBER, seat, replace(seat, subject=book.actor, code_digest=None, expires_at=None))

    return replace(one_row(envelope, apply, alone=True), personal=True)


def leave(envelope: Envelope) -> Write:
    """A write by which its actor gives up its own seat."""

    async def apply(book: Book) -> Member:
        seat = await seat_of(book, book.actor)
        if seat is None:
            raise Refused.because(Code.NOT_FOUND, "You are not a member of this ledger.", "ledgerId")
        return await deleted(book, MEMBER, seat.id, None)

    return replace(one_row(envelope, apply, alone=True), personal=True)


def change_role(envelope: Envelope, member_id: int, role: Role, if_version: int | None = None) -> Write:
    """A write that gives a member, or an invitation, another role."""

    async def apply(book: Book) -> Member:
        before = await existing(book, MEMBER, member_id, if_version)
        return await updated(book, MEMBER, before, replace(before, role=role.value))

    return one_row(envelope, apply, alone=True)


def remove(envelope: Envelope, member_id: int, if_version: int | None = None) -> Write:
    """A write that takes a member out, or an invitation back."""

    async def apply(book: Book) -> Member:
        return await deleted(book, MEMBER, member_id, if_version)

    return one_row(envelope, apply, alone=True)


def grant(envelope: Envelope, subject: str, role: Role) -> Write:
    """A write by which who administers the database gives somebody a seat, or the seat another role."""
    kept = clean(subject, "subject", longest=SUBJECT_LENGTH, required=True)
    if kept != subject or kept == LOCAL.subject:
        raise Refused.because(Code.INVALID, "This is no subject that a member can have.", "subject")

    async def apply(book: Book) -> Member:
        seat = await seat_of(book, subject)
        if seat is not None:
            return await updated(book, MEMBER, seat, replace(seat, role=role.value))
        made = Member(ledger_id=0, id=0, subject=subject, role=role.value, invited_by=book.actor)
        await MEMBER.check(book, made)
        return book.create(MEMBER, made)

    return one_row(envelope, apply, alone=True)


def no_invitation(*path: str | int) -> Refused:
    """The same for a code that never was, one that was taken, one that was taken back and one whose time is over."""
    return Refused.because(Code.NOT_FOUND, "There is no such invitation, or not any more.", *path)
