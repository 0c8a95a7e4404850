"""What goes wrong in operation, done to real servers under load. `make test-faults` runs it; it takes minutes."""
