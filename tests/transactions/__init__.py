"""Tests of graphql_api.transactions."""
