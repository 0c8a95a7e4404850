"""Every table. Rows of a ledger are kept together: its id leads each primary key.

Each kind of entity has a table of the present and an archive of superseded states, alike but for
`superseded_version`: the state at a version is the row of either that was written by then and not yet superseded.
No foreign keys: the row lock on the ledger keeps references right, and distributed engines do without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, MetaData, Table

from graphql_api.database.types import Characters, Document, Id, IdList
from graphql_api.ledgers.model import NAME_LENGTH
from graphql_api.ledgers.text import KEY_LENGTH

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

KINDS = ("transactions", "categories", "tags", "budgets", "members")
"""The kinds of entity; the ledger's row holds a version and the last id given for each."""

MERCHANT_LENGTH = 200
DESCRIPTION_LENGTH = 2000
EXTERNAL_ID_LENGTH = 200
IDEMPOTENCY_KEY_LENGTH = 255
SUBJECT_LENGTH = 255
DIGEST_LENGTH = 64
ROLE_LENGTH = 10
TOKEN_PREFIX_LENGTH = 16

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ledgers = Table(
    "ledgers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Characters(NAME_LENGTH), nullable=False),
    Column("currency", Characters(3), nullable=False),
    Column("version", Id, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("updated_at", Id, nullable=False),
    *(Column(f"{kind}_version", Id, nullable=False, server_default="0") for kind in KINDS),
    *(Column(f"{kind}_last_id", Id, nullable=False, server_default="0") for kind in KINDS),
)


def _transaction_columns() -> list[SchemaItem]:
    return [
        Column("date", Date, nullable=False),
        Column("amount_minor", Id, nullable=False),
        Column("currency", Characters(3), nullable=False),
        Column("merchant", Characters(MERCHANT_LENGTH), nullable=False),
        Column("description", Characters(DESCRIPTION_LENGTH), nullable=False),
        Column("category_id", Id),
        Column("tag_ids", IdList, nullable=False),
        Column("external_id", Characters(EXTERNAL_ID_LENGTH)),
        Column("merchant_key", Characters(KEY_LENGTH), nullable=False),
        Column("search_key", Document, nullable=False),
    ]


def _category_columns() -> list[SchemaItem]:
    return [
        Column("name", Characters(NAME_LENGTH), nullable=False),
        Column("parent_id", Id),
        Column("name_key", Characters(KEY_LENGTH), nullable=False),
    ]


def _tag_columns() -> list[SchemaItem]:
    return [
        Column("name", Characters(NAME_LENGTH), nullable=False),
        Column("name_key", Characters(KEY_LENGTH), nullable=False),
    ]


def _budget_columns() -> list[SchemaItem]:
    return [
        Column("month", Integer, nullable=False),
        Column("category_id", Id),
        Column("amount_minor", Id, nullable=False),
        Column("currency", Characters(3), nullable=False),
    ]


def _member_columns() -> list[SchemaItem]:
    return [
        Column("subject", Characters(SUBJECT_LENGTH), comment="NULL while it is an invitation"),
        Column("role", Characters(ROLE_LENGTH), nullable=False),
        Column("invited_by", Characters(SUBJECT_LENGTH)),
        Column("code_digest", Characters(DIGEST_LENGTH), comment="SHA-256 of an invitation's code"),
        Column("expires_at", Id, comment="when an invitation ends"),
    ]


def _entity(name: str, columns: list[SchemaItem], *present_only: SchemaItem) -> Table:
    return Table(
        name,
        metadata,
        Column("ledger_id", Id, primary_key=True, autoincrement=False),
        Column("id", Id, primary_key=True, autoincrement=False),
        Column("version", Id, nullable=False),
        Column("created_at", Id, nullable=False),
        Column("updated_at", Id, nullable=False),
        Column("deleted", Boolean, nullable=False),
        *columns,
        *present_only,
    )


def _archive(name: str, columns: list[SchemaItem]) -> Table:
    return Table(
        f"{name}_archive",
        metadata,
        Column("ledger_id", Id, primary_key=True, autoincrement=False),
        Column("id", Id, primary_key=True, autoincrement=False),
        Column("version", Id, primary_key=True, autoincrement=False),
        Column("superseded_version", Id, nullable=False),
        Column("created_at", Id, nullable=False),
        Column("updated_at", Id, nullable=False),
        Column("deleted", Boolean, nullable=False),
        *columns,
        Index(None, "ledger_id", "superseded_version"),
    )


transactions = _entity(
    "transactions",
    _transaction_columns(),
    Index(None, "ledger_id", "deleted", "date", "id"),
    Index(None, "ledger_id", "deleted", "currency", "amount_minor", "id"),
    Index(None, "ledger_id", "deleted", "merchant_key", "id"),
    Index(None, "ledger_id", "deleted", "category_id", "date", "id"),
    Index("uq_transactions_external_id", "ledger_id", "external_id", unique=True),
)
transactions_archive = _archive("transactions", _transaction_columns())

categories = _entity("categories", _category_columns(), Index(None, "ledger_id", "deleted", "name_key", "id"))
categories_archive = _archive("categories", _category_columns())

tags = _entity("tags", _tag_columns(), Index(None, "ledger_id", "deleted", "name_key", "id"))
tags_archive = _archive("tags", _tag_columns())

budgets = _entity("budgets", _budget_columns(), Index(None, "ledger_id", "deleted", "month", "id"))
budgets_archive = _archive("budgets", _budget_columns())

members = _entity(
    "members",
    _member_columns(),
    Index(None, "subject", "deleted", "ledger_id"),
    Index(None, "code_digest"),
)
members_archive = _archive("members", _member_columns())

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("subject", Characters(SUBJECT_LENGTH), nullable=False),
    Column("digest", Characters(DIGEST_LENGTH), nullable=False, comment="SHA-256 of the token"),
    Column("prefix", Characters(TOKEN_PREFIX_LENGTH), nullable=False, comment="what is shown of the token"),
    Column("name", Characters(NAME_LENGTH), nullable=False),
    Column("cap", Characters(ROLE_LENGTH), nullable=False, comment="the most that it may do"),
    Column("ledger_id", Id, comment="the ledger that is meant where none is named"),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id),
    Column("last_used_at", Id),
    Column("revoked_at", Id),
    Index("uq_api_tokens_digest", "digest", unique=True),
    Index(None, "subject", "created_at"),
)

transaction_tags = Table(
    "transaction_tags",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("tag_id", Id, primary_key=True, autoincrement=False),
    Column("transaction_id", Id, primary_key=True, autoincrement=False),
    comment="Which transactions of the present carry a tag; transactions.tag_ids is what it is computed from.",
)

transaction_sums = Table(
    "transaction_sums",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("currency", Characters(3), primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("category_id", Id, primary_key=True, autoincrement=False, comment="0 stands for none"),
    Column("transactions", Id, nullable=False),
    Column("amount_minor", Id, nullable=False),
    # SQLite would turn a sum beyond 64 bits into a float without a word
    CheckConstraint("amount_minor BETWEEN -9223372036854775000 AND 9223372036854775000", name="exact"),
    comment="Running sums of the transactions that are not deleted, kept by the writer in each write's transaction.",
)

changes = Table(
    "changes",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("version", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Characters(20), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("operation", Characters(10), nullable=False),
    Column("actor", Characters(SUBJECT_LENGTH), nullable=False),
    Column("at", Id, nullable=False),
    Column("undoes", Id),
    Column("before", Document),
    Column("after", Document),
    Column("source", Document),
    Index(None, "ledger_id", "kind", "entity_id", "version"),
    Index(None, "ledger_id", "at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("subject", Characters(SUBJECT_LENGTH), primary_key=True),
    Column("key", Characters(IDEMPOTENCY_KEY_LENGTH), primary_key=True),
    Column("fingerprint", Characters(64), nullable=False),
    Column("version", Id, nullable=False),
    Column("outcome", Document, nullable=False),
    Column("created_at", Id, nullable=False),
    Index(None, "created_at"),
)
