"""Personal API tokens."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Index, MetaData, Table

from graphql_api.database.types import Characters, Id

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

Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("subject", Characters(255), nullable=False),
    Column("name", Characters(100), nullable=False),
    Column("prefix", Characters(8), nullable=False),
    Column("digest", Characters(64), nullable=False),
    Column("scope", Characters(5), nullable=False),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id),
    Column("revoked_at", Id),
    Index("uq_api_tokens_digest", "digest", unique=True),
    Index(None, "subject", "created_at", "id"),
    comment="Personal API tokens; of a token itself only its SHA-256 is kept, in hexadecimal.",
)


def upgrade() -> None:
    """Make the table."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop it: every token is good no longer."""
    metadata.drop_all(op.get_bind())
