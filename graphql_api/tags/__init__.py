"""Tags: free labels of transactions, renamed in one place."""
