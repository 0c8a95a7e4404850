"""Run by Alembic: migrates the connection that `graphql_api.database.schema` hands over."""

from __future__ import annotations

from alembic import context

from graphql_api.database.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite alters a table by copying it
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
