"""Generated requests, made from the descriptions of the doors."""
