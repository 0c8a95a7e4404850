"""One ledger's content never reaches another ledger's people, by whatever they ask."""
