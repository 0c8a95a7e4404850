# Targets of live/ and modules/, included by the Makefile.

.PHONY: tools
tools: ## build Terragrunt and the linters from source, install the emulators (minutes, once)
	@tools/build terragrunt
	@tools/build terragrunt-legacy
	@tools/build lint
	@tools/build-python emulators tests/infrastructure/requirements.lock
	@tools/build-python checkov tests/infrastructure/checkov.lock

.PHONY: lint-infra
lint-infra: ## check the modules and the live layout: format, types, tflint, checkov
	@tools/lint-infrastructure

.PHONY: test-infra-modules
test-infra-modules: ## terraform test of every module with a mocked provider (ARGS: names of modules)
	@tools/modules test $(ARGS)

.PHONY: test-infra
test-infra: .venv/dev.stamp test-infra-modules ## apply every environment to emulated AWS, plan again, change, destroy
	.venv/bin/python -m pytest --timeout 0 -p no:cacheprovider tests/infrastructure $(ARGS)

.PHONY: docs-infra
docs-infra: ## write the modules' READMEs, the graph and, from the last test-infra's plans, the cost
	@tools/modules docs
	@python3 tools/graph.py write
	@if [ -d .cache/plans ]; then \
		python3 tools/cost.py write .cache/plans && python3 tools/resource_types.py write .cache/plans; \
	fi
