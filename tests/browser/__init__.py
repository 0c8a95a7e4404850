"""The playground and the REST page in a real browser."""
