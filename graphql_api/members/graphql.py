"""Members and invitations in GraphQL."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import strawberry

from graphql_api.database.states import SortKey, count, live
from graphql_api.graph.changes import Entity
from graphql_api.graph.connection import Connection, Listing, PageArguments, connect
from graphql_api.graph.context import GraphInfo, Viewed
from graphql_api.graph.mutation import (
    DRY_RUN,
    IF_VERSION,
    KEY,
    OWN_LEDGER,
    Done,
    EntityInput,
    Payload,
    perform,
    perform_on,
    sealed,
)
from graphql_api.graph.node import NodeType
from graphql_api.ledgers import calendar, principal
from graphql_api.ledgers.errors import Refused
from graphql_api.members.service import (
    MOST_DAYS,
    accept,
    change_role,
    digest_of,
    invite,
    leave,
    new_code,
    no_invitation,
    remove,
)
from graphql_api.members.store import MEMBER, ledger_of_code

if TYPE_CHECKING:
    from graphql_api.database.writer import Envelope, Write

Role = strawberry.enum(principal.Role, description="What a member may do; each role may do what those before it may.")
DEFAULT_DAYS = 7


@strawberry.type(description="A member of a ledger, or an invitation that nobody has taken yet.")
class Member(Entity):
    """A seat at a version."""

    shown: ClassVar[str] = "Member"

    @strawberry.field(description="Who it is, as the issuer of identities names it; null for an invitation.")
    def subject(self) -> str | None:
        """The subject."""
        return self.entity.subject  # type: ignore[no-any-return]  # a model.Member's

    @strawberry.field(description="What it may do.")
    def role(self) -> Role:  # type: ignore[valid-type]  # an enum made by a call
        """The role."""
        return principal.Role(self.entity.role)

    @strawberry.field(description="Who invited.")
    def invited_by(self) -> str | None:
        """The subject."""
        return self.entity.invited_by  # type: ignore[no-any-return]  # a model.Member's

    @strawberry.field(description="When the invitation ends; null for a member.")
    def expires_at(self) -> datetime | None:
        """The instant."""
        return None if self.entity.expires_at is None else calendar.moment(self.entity.expires_at)


MEMBER_NODE = NodeType("Member", MEMBER, lambda entity, as_of: Member(entity=entity, as_of=as_of))


@strawberry.type
class MemberFields:
    """A ledger's fields of members."""

    viewed: strawberry.Private[Viewed]

    @strawberry.field(description="What the principal who asks may do; null where nobody has to say who it is.")
    def viewer_role(self) -> Role | None:  # type: ignore[valid-type]  # an enum made by a call
        """The role."""
        return self.viewed.ledger.role

    @strawberry.field(description="The members, and the invitations that were not taken back, in the order they came.")
    async def members(
        self,
        info: GraphInfo,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Member]:
        """A page of members."""
        context, ledger_id, as_of = info.context, self.viewed.ledger.id, self.viewed.as_of
        listing = Listing(
            kind=MEMBER,
            ledger_id=ledger_id,
            as_of=as_of,
            where=live,
            keys=(SortKey("id"),),
            name="",
            node=lambda entity: Member(entity=entity, as_of=as_of),
            count=lambda: count(context.snapshot, MEMBER, ledger_id, as_of, live),
        )
        return await connect(context, listing, PageArguments(first, after, last, before))


@strawberry.input(description="An invitation to a ledger.")
class InviteMemberInput:
    """What an invitation is made of."""

    role: Role  # type: ignore[valid-type]  # an enum made by a call
    days: int = strawberry.field(default=DEFAULT_DAYS, description=f"How long it can be taken: 1 to {MOST_DAYS} days.")
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)


@strawberry.input(description="An invitation's code.")
class AcceptInvitationInput:
    """The code."""

    code: str
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="A member's new role.")
class ChangeMemberRoleInput:
    """A member and its role."""

    id: strawberry.ID
    role: Role  # type: ignore[valid-type]  # an enum made by a call
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="The ledger to leave.")
class LeaveLedgerInput:
    """A ledger."""

    ledger_id: strawberry.ID
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The member as it was left.")
class MemberPayload(Payload):
    """A member's payload."""

    member: Member | None


@strawberry.type(description="The invitation, and its code, which is told this once.")
class InvitationPayload(Payload):
    """An invitation's payload."""

    member: Member | None
    code: str | None = strawberry.field(description="Give it to whom you invite: whoever has it can take the seat.")


@strawberry.type
class MemberMutations:
    """The mutations of members."""

    @strawberry.mutation(description="Invite somebody to a ledger. Takes the role owner.")
    async def invite_member(self, info: GraphInfo, input: InviteMemberInput) -> InvitationPayload:
        """Invite."""
        context, code = info.context, new_code()

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            envelope = context.envelope("inviteMember", None, None)
            return ledger_id, invite(envelope, input.role, digest_of(code), input.days)

        done = await perform(context, build)
        return InvitationPayload(**done.common, member=_member(done), code=None if done.outcome is None else code)

    @strawberry.mutation(description="Become a member by an invitation's code.")
    async def accept_invitation(self, info: GraphInfo, input: AcceptInvitationInput) -> MemberPayload:
        """Accept."""
        context = info.context
        try:
            digest = digest_of(input.code, "code")
            found = await ledger_of_code(context.database.engines.read, digest)
            if found is None:
                raise no_invitation("code")
        except Refused as refusal:
            return _payload(Done(None, refusal.problems))
        ledger_id = found

        def build() -> tuple[int, Write]:
            return ledger_id, accept(sealed(context, "acceptInvitation", input), digest)

        return _payload(await perform(context, build))

    @strawberry.mutation(description="Give a member, or an invitation, another role. Takes the role owner.")
    async def change_member_role(self, info: GraphInfo, input: ChangeMemberRoleInput) -> MemberPayload:
        """Change."""

        def command(envelope: Envelope, member_id: int) -> Write:
            return change_role(envelope, member_id, input.role, input.if_version)

        return _payload(await perform_on(info.context, MEMBER_NODE, "changeMemberRole", input, command))

    @strawberry.mutation(description="Take a member out, or an invitation back, at once. Takes the role owner.")
    async def remove_member(self, info: GraphInfo, input: EntityInput) -> MemberPayload:
        """Remove."""

        def command(envelope: Envelope, member_id: int) -> Write:
            return remove(envelope, member_id, input.if_version)

        return _payload(await perform_on(info.context, MEMBER_NODE, "removeMember", input, command))

    @strawberry.mutation(description="Leave a ledger. Its last owner cannot.")
    async def leave_ledger(self, info: GraphInfo, input: LeaveLedgerInput) -> MemberPayload:
        """Leave."""
        context = info.context

        def build() -> tuple[int, Write]:
            return context.ledger_id(input.ledger_id, "ledgerId"), leave(sealed(context, "leaveLedger", input))

        return _payload(await perform(context, build))


def _member(done: Done) -> Member | None:
    return None if done.entity is None else Member(entity=done.entity, as_of=None)


def _payload(done: Done) -> MemberPayload:
    return MemberPayload(**done.common, member=_member(done))
