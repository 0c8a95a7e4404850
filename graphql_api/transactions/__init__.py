"""Transactions: the expenses and refunds of a ledger."""
