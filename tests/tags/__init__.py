"""Tests of graphql_api.tags."""
