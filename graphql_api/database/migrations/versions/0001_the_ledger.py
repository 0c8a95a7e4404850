"""The ledger: its tables as they were at first. Frozen: a later change is a later step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, MetaData, Table

from graphql_api.database.types import Characters, Document, Id, IdList

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Table(
    "ledgers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", Characters(100), nullable=False),
    Column("currency", Characters(3), nullable=False),
    Column("version", Id, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("updated_at", Id, nullable=False),
    *(
        Column(f"{kind}_version", Id, nullable=False, server_default="0")
        for kind in ("transactions", "categories", "tags", "budgets")
    ),
    *(
        Column(f"{kind}_last_id", Id, nullable=False, server_default="0")
        for kind in ("transactions", "categories", "tags", "budgets")
    ),
)


def _transaction_columns() -> list[SchemaItem]:
    return [
        Column("date", Date, nullable=False),
        Column("amount_minor", Id, nullable=False),
        Column("currency", Characters(3), nullable=False),
        Column("merchant", Characters(200), nullable=False),
        Column("description", Characters(2000), nullable=False),
        Column("category_id", Id),
        Column("tag_ids", IdList, nullable=False),
        Column("external_id", Characters(200)),
        Column("merchant_key", Characters(255), nullable=False),
        Column("search_key", Document, nullable=False),
    ]


def _category_columns() -> list[SchemaItem]:
    return [
        Column("name", Characters(100), nullable=False),
        Column("parent_id", Id),
        Column("name_key", Characters(255), nullable=False),
    ]


def _tag_columns() -> list[SchemaItem]:
    return [
        Column("name", Characters(100), nullable=False),
        Column("name_key", Characters(255), nullable=False),
    ]


def _budget_columns() -> list[SchemaItem]:
    return [
        Column("month", Integer, nullable=False),
        Column("category_id", Id),
        Column("amount_minor", Id, nullable=False),
        Column("currency", Characters(3), nullable=False),
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


_entity(
    "transactions",
    _transaction_columns(),
    Index(None, "ledger_id", "deleted", "date", "id"),
    Index(None, "ledger_id", "deleted", "currency", "amount_minor", "id"),
    Index(None, "ledger_id", "deleted", "merchant_key", "id"),
    Index(None, "ledger_id", "deleted", "category_id", "date", "id"),
    Index("uq_transactions_external_id", "ledger_id", "external_id", unique=True),
)
_archive("transactions", _transaction_columns())

_entity("categories", _category_columns(), Index(None, "ledger_id", "deleted", "name_key", "id"))
_archive("categories", _category_columns())

_entity("tags", _tag_columns(), Index(None, "ledger_id", "deleted", "name_key", "id"))
_archive("tags", _tag_columns())

_entity("budgets", _budget_columns(), Index(None, "ledger_id", "deleted", "month", "id"))
_archive("budgets", _budget_columns())

Table(
    "transaction_tags",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("tag_id", Id, primary_key=True, autoincrement=False),
    Column("transaction_id", Id, primary_key=True, autoincrement=False),
    comment="Which transactions of the present carry a tag; transactions.tag_ids is what it is computed from.",
)

Table(
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

Table(
    "changes",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("version", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Characters(20), nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("operation", Characters(10), nullable=False),
    Column("actor", Characters(255), nullable=False),
    Column("at", Id, nullable=False),
    Column("undoes", Id),
    Column("before", Document),
    Column("after", Document),
    Index(None, "ledger_id", "kind", "entity_id", "version"),
    Index(None, "ledger_id", "at"),
)

Table(
    "idempotency_keys",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("subject", Characters(255), primary_key=True),
    Column("key", Characters(255), primary_key=True),
    Column("fingerprint", Characters(64), nullable=False),
    Column("version", Id, nullable=False),
    Column("outcome", Document, nullable=False),
    Column("created_at", Id, nullable=False),
    Index(None, "created_at"),
)


def upgrade() -> None:
    """Make every table."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop every table, with all that is in them."""
    metadata.drop_all(op.get_bind())
