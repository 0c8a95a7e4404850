"""Metrics and logs; knows no noun of the ledger."""
