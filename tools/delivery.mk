# What the workflows in .github/ run, included by the Makefile. What needs an AWS account says so.

.PHONY: dashboards
dashboards: .venv/dev.stamp ## write the chart's dashboards as tools/dashboards makes them
	$(BIN)/python -m tools.dashboards write

.PHONY: image-archive
image-archive: image ## write the image to dist/image.tar, for a scanner
	@tools/image archive

.PHONY: image-push
image-push: ## push the built image: IMAGE=docker://<repository>:<tag>, its digest goes to dist/image.digest
	@tools/image push "$(IMAGE)"

.PHONY: account
account: ## print a role, region and registry of an account for a workflow: ACCOUNT=nonprod ROLE=plan
	@python3 tools/account.py "$(ACCOUNT)" "$(ROLE)"

.PHONY: plan
plan: ## plan an environment and its account's units into dist/plan.md: ENVIRONMENT=dev (AWS)
	@tools/plan "$(ENVIRONMENT)"

.PHONY: deploy
deploy: ## install or upgrade a release: ENVIRONMENT=dev IMAGE=<repository>@sha256:<digest> (AWS)
	@tools/deploy "$(ENVIRONMENT)" "$(IMAGE)"

.PHONY: smoke
smoke: ## ask a deployed service whether it works: ENVIRONMENT=dev (AWS), or URL=http://127.0.0.1:8000
	@python3 tools/smoke.py "$(or $(URL),$$(tools/deploy --address "$(ENVIRONMENT)"))"
