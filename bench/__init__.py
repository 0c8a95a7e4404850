"""The bench: what the service does, measured in ratios against what it is made of and against its peers."""
