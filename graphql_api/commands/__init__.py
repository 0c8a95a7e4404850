"""The commands of `expense`, one a file. Each imports what it needs when it runs, so that all start fast."""
