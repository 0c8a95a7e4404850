"""Tests of graphql_api.members."""
