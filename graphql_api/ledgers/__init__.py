"""What a ledger is, without any input or output: its errors, money, dates, text and principals."""
