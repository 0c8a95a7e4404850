"""The mutations of transactions, one row at a time, in batches, and all at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import strawberry

from graphql_api.categories.graphql import category_number
from graphql_api.categories.store import with_descendants
from graphql_api.graph.context import GraphInfo
from graphql_api.graph.money import MoneyInput
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
from graphql_api.graph.payload import UserError, user_errors
from graphql_api.ledgers.errors import Code, Problem, Refused
from graphql_api.ledgers.ids import parse_entity_id
from graphql_api.transactions.conditions import TransactionFilter, read_filter
from graphql_api.transactions.filters import category_ids, check, condition
from graphql_api.transactions.graphql import TRANSACTION_NODE, Transaction
from graphql_api.transactions.model import Draft
from graphql_api.transactions.service import (
    MOST_ROWS,
    Create,
    Delete,
    Operation,
    Purge,
    Restore,
    Update,
    batch,
    check_rows,
    delete_all,
    purge_all,
    single,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql_api.database.states import Where
    from graphql_api.database.writer import Envelope, Write
    from graphql_api.graph.context import Context

EXTERNAL_ID = "The id that another system gave it, unique in the ledger."


@strawberry.input(description="The content of a new transaction.")
class TransactionInput:
    """What a transaction is made of."""

    amount: MoneyInput
    date: date
    merchant: str | None = None
    description: str | None = None
    category_id: strawberry.ID | None = None
    tags: list[str] | None = strawberry.field(default=None, description="Names; those that are new are made.")
    external_id: str | None = strawberry.field(default=None, description=EXTERNAL_ID)


@strawberry.input(description="A new transaction.")
class CreateTransactionInput(TransactionInput):
    """The content with where and how."""

    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="What is to change of a transaction; what is left out stays, null empties.")
class TransactionPatch:
    """The fields to set."""

    id: strawberry.ID
    amount: MoneyInput | None = strawberry.UNSET
    date: date | None = strawberry.UNSET
    merchant: str | None = strawberry.UNSET
    description: str | None = strawberry.UNSET
    category_id: strawberry.ID | None = strawberry.UNSET
    tags: list[str] | None = strawberry.UNSET
    external_id: str | None = strawberry.UNSET
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)


@strawberry.input(description="What is to change of a transaction; what is left out stays, null empties.")
class UpdateTransactionInput(TransactionPatch):
    """The patch with how."""

    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="Names a transaction of a batch.")
class TransactionReference:
    """A transaction by its id."""

    id: strawberry.ID
    if_version: int | None = strawberry.field(default=None, description=IF_VERSION)


@strawberry.input(one_of=True, description="One row of a batch.")
class TransactionOperation:
    """One of these."""

    create: TransactionInput | None = strawberry.UNSET
    update: TransactionPatch | None = strawberry.UNSET
    delete: TransactionReference | None = strawberry.UNSET
    restore: TransactionReference | None = strawberry.UNSET
    purge: TransactionReference | None = strawberry.UNSET


@strawberry.input(description="A batch.")
class WriteTransactionsInput:
    """Rows with where and how."""

    operations: list[TransactionOperation] = strawberry.field(description=f"At most {MOST_ROWS:,}, done in order.")
    atomic: bool = strawberry.field(default=True, description="All rows or none; else each that can be done is.")
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.input(description="Which transactions, all at once.")
class AllTransactionsInput:
    """A filter with where and how."""

    filter: TransactionFilter | None = strawberry.field(default=None, description="All of the ledger's if left out.")
    ledger_id: strawberry.ID | None = strawberry.field(default=None, description=OWN_LEDGER)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The transaction as it was left.")
class TransactionPayload(Payload):
    """A transaction's payload."""

    transaction: Transaction | None


@strawberry.type(description="A row's result: the transaction as it was left, or what is wrong with it.")
class TransactionResult:
    """One of a batch."""

    index: int
    transaction: Transaction | None
    user_errors: list[UserError]


@strawberry.type(description="A result for each row, in order.")
class WriteTransactionsPayload(Payload):
    """A batch's payload."""

    results: list[TransactionResult]


@strawberry.type(description="How many transactions were changed.")
class AllTransactionsPayload(Payload):
    """The payload of a change of all."""

    count: int


@strawberry.type
class TransactionMutations:
    """The mutations of transactions."""

    @strawberry.mutation(description="Make a transaction.")
    async def create_transaction(self, info: GraphInfo, input: CreateTransactionInput) -> TransactionPayload:
        """Create."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            return ledger_id, single(sealed(context, "createTransaction", input), Create(_draft(input, ledger_id)))

        return _payload(await perform(context, build))

    @strawberry.mutation(description="Change a transaction.")
    async def update_transaction(self, info: GraphInfo, input: UpdateTransactionInput) -> TransactionPayload:
        """Update."""

        def command(envelope: Envelope, number: int) -> Write:
            ledger_id, _ = parse_entity_id(input.id, "Transaction", "id")
            return single(envelope, Update(number, _draft(input, ledger_id), input.if_version))

        return _payload(await perform_on(info.context, TRANSACTION_NODE, "updateTransaction", input, command))

    @strawberry.mutation(description="Delete a transaction; it can be restored.")
    async def delete_transaction(self, info: GraphInfo, input: EntityInput) -> TransactionPayload:
        """Delete."""
        return await _single(info.context, "deleteTransaction", input, Delete)

    @strawberry.mutation(description="Restore a deleted transaction.")
    async def restore_transaction(self, info: GraphInfo, input: EntityInput) -> TransactionPayload:
        """Restore."""
        return await _single(info.context, "restoreTransaction", input, Restore)

    @strawberry.mutation(description="Remove a deleted transaction for good, from the history too.")
    async def purge_transaction(self, info: GraphInfo, input: EntityInput) -> TransactionPayload:
        """Purge."""
        return await _single(info.context, "purgeTransaction", input, Purge)

    @strawberry.mutation(description="Do many operations as one version of the ledger.")
    async def write_transactions(self, info: GraphInfo, input: WriteTransactionsInput) -> WriteTransactionsPayload:
        """Batch."""
        context = info.context

        def build() -> tuple[int, Write]:
            ledger_id = context.ledger_id(input.ledger_id, "ledgerId")
            check_rows(len(input.operations))
            operations = [_operation(given, ledger_id, row) for row, given in enumerate(input.operations)]
            return ledger_id, batch(sealed(context, "writeTransactions", input), operations, atomic=input.atomic)

        done = await perform(context, build)
        return WriteTransactionsPayload(**done.common, results=_results(done, len(input.operations)))

    @strawberry.mutation(description="Delete all transactions, or all that meet a filter; each can be restored.")
    async def delete_all_transactions(self, info: GraphInfo, input: AllTransactionsInput) -> AllTransactionsPayload:
        """Delete all."""
        return await _all(info.context, "deleteAllTransactions", input, delete_all)

    @strawberry.mutation(description="Purge all deleted transactions, or all of them that meet a filter.")
    async def purge_all_transactions(self, info: GraphInfo, input: AllTransactionsInput) -> AllTransactionsPayload:
        """Purge all."""
        return await _all(info.context, "purgeAllTransactions", input, purge_all)


def _payload(done: Done) -> TransactionPayload:
    transaction = None if done.entity is None else Transaction(entity=done.entity, as_of=None)
    return TransactionPayload(**done.common, transaction=transaction)


def _draft(given: TransactionInput | TransactionPatch, ledger_id: int) -> Draft:
    values: dict[str, Any] = {}
    for name in ("date", "merchant", "description", "tags", "external_id"):
        value = getattr(given, name)
        if value is not strawberry.UNSET:
            values[name] = value
    if given.category_id is not strawberry.UNSET:
        values["category_id"] = category_number(given.category_id, ledger_id, "categoryId")
    amount = given.amount
    if amount is None:
        values["amount"] = None
    elif amount is not strawberry.UNSET:
        values["amount"] = amount.value
        if amount.currency is not None or isinstance(given, TransactionInput):
            values["currency"] = amount.currency
    return Draft(**values)


def _operation(given: TransactionOperation, ledger_id: int, row: int) -> Operation:
    (name, value) = next((name, value) for name, value in vars(given).items() if value is not strawberry.UNSET)
    try:
        if name == "create":
            return Create(_draft(value, ledger_id))
        _, number = parse_entity_id(value.id, "Transaction", "id", ledger_id=ledger_id)
        if name == "update":
            return Update(number, _draft(value, ledger_id), value.if_version)
        return _BY_NAME[name](number, value.if_version)
    except Refused as refusal:
        raise refusal.under("operations", row, name) from refusal


_BY_NAME: dict[str, Callable[[int, int | None], Operation]] = {"delete": Delete, "restore": Restore, "purge": Purge}


async def _single(
    context: Context, operation: str, given: EntityInput, make: Callable[[int, int | None], Operation]
) -> TransactionPayload:
    def command(envelope: Envelope, number: int) -> Write:
        return single(envelope, make(number, given.if_version))

    return _payload(await perform_on(context, TRANSACTION_NODE, operation, given, command))


def _results(done: Done, rows: int) -> list[TransactionResult]:
    if done.outcome is not None:
        return [
            TransactionResult(
                index=row,
                transaction=None if result.entity is None else Transaction(entity=result.entity, as_of=None),
                user_errors=user_errors(result.problems),
            )
            for row, result in enumerate(done.outcome.results)
        ]
    own: dict[int, list[Problem]] = {}
    for problem in done.problems:
        if problem.path[:1] == ("operations",) and len(problem.path) > 1:
            own.setdefault(int(problem.path[1]), []).append(problem)
    if not own or rows > MOST_ROWS:
        return []
    aborted = Problem(Code.BATCH_ABORTED, "Nothing was written, because another row was refused.")
    return [
        TransactionResult(index=row, transaction=None, user_errors=user_errors(own.get(row, [aborted])))
        for row in range(rows)
    ]


async def _all(
    context: Context, operation: str, given: AllTransactionsInput, make: Callable[[Envelope, Where], Write]
) -> AllTransactionsPayload:
    try:
        ledger_id = context.ledger_id(given.ledger_id, "ledgerId")
        viewed = await context.ledger(ledger_id)
        wanted = await read_filter(context, viewed, given.filter)
        check(wanted)
        below = await with_descendants(context.snapshot, ledger_id, category_ids(wanted), None)
        write = make(sealed(context, operation, given), lambda table: (condition(wanted, table, below),))
        done = Done(await context.write(ledger_id, write))
    except Refused as refusal:
        done = Done(None, refusal.problems)
    return AllTransactionsPayload(**done.common, count=0 if done.outcome is None else done.outcome.count)
