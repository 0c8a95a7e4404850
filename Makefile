# `make` or `make help` lists the targets. Whatever is longer than a line is a script in tools/.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
# Arguments for the command a target runs: make test ARGS='-k money -x'
ARGS ?=
# Two processes, each with half of the tests in their order, so that each goes through the databases once.
PARALLEL := --numprocesses 2 --dist worksteal

.PHONY: help
help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/runtime.stamp ## start the ledger on SQLite at 127.0.0.1:8000
	@EXPENSE_LOG_FORMAT=$${EXPENSE_LOG_FORMAT:-text} exec $(BIN)/expense serve $(ARGS)

.PHONY: test
test: .venv/dev.stamp services ## every test, on every engine, with coverage, two at once (ARGS='-n 0' for one)
	$(BIN)/pytest $(PARALLEL) --cov --cov-report=term --cov-report=xml $(ARGS)

.PHONY: test-fast
test-fast: .venv/dev.stamp ## the tests on SQLite only, without coverage
	$(BIN)/pytest --engines sqlite $(ARGS)

.PHONY: test-generated
test-generated: .venv/dev.stamp ## generated requests, documents and bytes, many times more of them (an hour; EXAMPLES=300)
	HYPOTHESIS_PROFILE=thorough EXPENSE_SCHEMATHESIS_EXAMPLES=$(or $(EXAMPLES),300) $(BIN)/pytest --engines sqlite --timeout 0 \
		tests/schemathesis tests/http/test_malformed.py tests/execution tests/isolation $(ARGS)

.PHONY: coverage
coverage: test ## every test, then the lines not covered, also as htmlcov/index.html
	$(BIN)/coverage html --quiet
	$(BIN)/coverage report --show-missing

.PHONY: lint
lint: .venv/dev.stamp ## format, lint, types, imports, shell scripts: changes nothing
	tools/lint-code

.PHONY: audit
audit: ## ask PyPI for known vulnerabilities of what is locked (needs the network, and PyPI itself, not a mirror)
	tools/audit

.PHONY: format
format: .venv/dev.stamp ## format the code and fix what can be fixed safely
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: schema
schema: .venv/runtime.stamp ## write schema.graphql and openapi.json
	tools/schema write

.PHONY: schema-check
schema-check: .venv/runtime.stamp ## compare the committed schemas with the code's
	tools/schema check

.PHONY: services
services: ## install the servers that the tests start, and Chromium (as root)
	@tools/services

.PHONY: lock
lock: ## write the lock files again (ARGS=--upgrade takes newer versions)
	tools/lock $(ARGS)

.PHONY: bench
bench: .venv/dev.stamp services ## measure, and write docs/benchmarks.md (ARGS='creates --rounds 3')
	$(BIN)/python -m bench $(ARGS)

.PHONY: bench-smoke
bench-smoke: .venv/dev.stamp services ## prove that the bench runs, on tiny sizes
	$(BIN)/python -m bench --smoke $(ARGS)

.PHONY: image
image: ## build the container's image with buildah, without an engine (as root)
	@tools/image build

.PHONY: test-image
test-image: .venv/dev.stamp image ## run the image: read-only, as its own user
	$(BIN)/pytest --timeout 120 tests/image $(ARGS)

.PHONY: test-faults
test-faults: .venv/dev.stamp services ## kill, starve and soak real servers (ARGS='--kills 100 --soak-minutes 30')
	$(BIN)/pytest --capture no tests/faults $(ARGS)

.PHONY: test-chart
test-chart: .venv/dev.stamp ## render the chart, and start the service with what it renders (builds Helm, minutes, once)
	$(BIN)/pytest tests/chart $(ARGS)

.PHONY: test-cluster
test-cluster: .venv/dev.stamp ## install, upgrade and take back the chart on a real control plane (builds it, minutes, once)
	$(BIN)/pytest tests/cluster $(ARGS)

.PHONY: clean
clean: ## remove what make made (the servers in .cache/ stay: make distclean)
	rm -rf .venv .tools/uv-* .coverage .coverage.* coverage.xml htmlcov .hypothesis \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache dist
	find . -name __pycache__ -type d -not -path './.cache/*' -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## clean, and remove the servers and the image that make put in .cache/
	tools/services remove

include tools/infrastructure.mk tools/delivery.mk tools/playground/playground.mk

.venv/runtime.stamp: requirements.lock requirements-build.lock pyproject.toml tools/environment
	@tools/environment runtime

.venv/dev.stamp: requirements-dev.lock requirements-build.lock pyproject.toml tools/environment
	@tools/environment dev
