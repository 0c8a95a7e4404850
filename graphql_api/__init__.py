"""A self-hosted expense ledger: one versioned book behind GraphQL, two REST dialects and a command line."""

__version__ = "0.1.0"
