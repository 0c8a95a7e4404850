"""Members of ledgers, API tokens, and the source of each change. Frozen: a later change is a later step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op
from sqlalchemy import Boolean, Column, Index, MetaData, Table

from graphql_api.database.types import Characters, Document, Id

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _columns() -> list[SchemaItem]:
    return [
        Column("created_at", Id, nullable=False),
        Column("updated_at", Id, nullable=False),
        Column("deleted", Boolean, nullable=False),
        Column("subject", Characters(255), comment="NULL while it is an invitation"),
        Column("role", Characters(10), nullable=False),
        Column("invited_by", Characters(255)),
        Column("code_digest", Characters(64), comment="SHA-256 of an invitation's code"),
        Column("expires_at", Id, comment="when an invitation ends"),
    ]


Table(
    "members",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("version", Id, nullable=False),
    *_columns(),
    Index(None, "subject", "deleted", "ledger_id"),
    Index(None, "code_digest"),
)

Table(
    "members_archive",
    metadata,
    Column("ledger_id", Id, primary_key=True, autoincrement=False),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("version", Id, primary_key=True, autoincrement=False),
    Column("superseded_version", Id, nullable=False),
    *_columns(),
    Index(None, "ledger_id", "superseded_version"),
)

Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("subject", Characters(255), nullable=False),
    Column("digest", Characters(64), nullable=False, comment="SHA-256 of the token"),
    Column("prefix", Characters(16), nullable=False, comment="what is shown of the token"),
    Column("name", Characters(100), nullable=False),
    Column("cap", Characters(10), nullable=False, comment="the most that it may do"),
    Column("ledger_id", Id, comment="the ledger that is meant where none is named"),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id),
    Column("last_used_at", Id),
    Column("revoked_at", Id),
    Index("uq_api_tokens_digest", "digest", unique=True),
    Index(None, "subject", "created_at"),
)


def upgrade() -> None:
    """Add what the version before does not know, and can go on without."""
    metadata.create_all(op.get_bind())
    for name in ("members_version", "members_last_id"):
        op.add_column("ledgers", Column(name, Id, nullable=False, server_default="0"))
    op.add_column("changes", Column("source", Document))


def downgrade() -> None:
    """Take it away, with all that is in it."""
    op.drop_column("changes", "source")
    for name in ("members_last_id", "members_version"):
        op.drop_column("ledgers", name)
    metadata.drop_all(op.get_bind())
