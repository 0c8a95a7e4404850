"""Tests of graphql_api.budgets."""
