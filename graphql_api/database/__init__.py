"""The database: engine, tables, the versioned store, the one writer of each ledger, and its migrations."""
