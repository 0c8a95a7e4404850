"""Compiled operations against graphql-core."""
