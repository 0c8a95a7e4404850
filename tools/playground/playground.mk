# The pages' files are committed: only their makers need Node.

.PHONY: playground
playground: ## build the pages of the playground and of REST (needs Node 20 or later)
	tools/playground/pages write

.PHONY: playground-check
playground-check: ## compare the committed pages with a fresh build (needs Node too)
	tools/playground/pages check
