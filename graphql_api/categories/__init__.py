"""Categories: the tree that expenses are sorted into."""
