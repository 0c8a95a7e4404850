"""The Helm chart, rendered by the real Helm. `make test-chart` runs it."""
