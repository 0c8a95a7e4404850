"""Import and export: files of other programs and banks into a ledger, and a ledger into files."""
