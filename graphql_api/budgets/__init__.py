"""Budgets: what a ledger means to spend in a month, by category and currency."""
