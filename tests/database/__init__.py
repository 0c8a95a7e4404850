"""Tests of graphql_api.database."""
