"""Tests of graphql_api.categories."""
