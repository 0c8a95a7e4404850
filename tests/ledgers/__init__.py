"""Tests of graphql_api.ledgers."""
