"""Alembic's environment and the steps between schemas, each up and down."""
