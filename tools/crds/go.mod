// The custom resources that the chart makes, as their operators' own modules hold them: nothing here is built.
module ledger/tools/crds

go 1.26

require (
	github.com/external-secrets/external-secrets v1.3.2
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
