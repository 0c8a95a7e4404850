"""What it costs: AWS' own estimate by service, and what the pods ask for but do not use."""

from tools.dashboards.panels import Dashboard, Query, Row, lines, number

_BOX = 'namespace="expense", container="expense"'
_BILL = 'aws_billing_estimated_charges_maximum{currency="USD"'

DASHBOARD = Dashboard(
    "expense-cost",
    "Expense: cost",
    "Billing's estimate of this month, some hours old, and resources that are asked for but not used.",
    (
        Row(
            "This month",
            (
                number("So far", f'sum({_BILL}, service_name!=""}})', "currencyUSD"),
                number(
                    "At this pace",
                    f'sum({_BILL}, service_name!=""}}) * scalar(days_in_month()) / scalar(day_of_month())',
                    "currencyUSD",
                    "What the month comes to if it goes on as until now.",
                ),
                number("Yesterday", f'sum(delta({_BILL}, service_name!=""}}[1d]))', "currencyUSD"),
                number("Pods", 'count(kube_pod_info{namespace="expense"})'),
                number("Nodes", "count(kube_node_info)"),
                number(
                    "Requested of the nodes",
                    'sum(kube_pod_container_resource_requests{resource="cpu"})'
                    ' / sum(kube_node_status_allocatable{resource="cpu"})',
                    "percentunit",
                    "Of their processors: a low share means that fewer nodes would do.",
                ),
            ),
        ),
        Row(
            "Where it goes",
            (
                lines(
                    "By service of AWS",
                    Query(f'topk(10, sum by (service_name) ({_BILL}, service_name!=""}}))', "{{service_name}}"),
                    unit="currencyUSD",
                ),
                lines(
                    "Processor that is asked for and not used",
                    Query(
                        f'sum(kube_pod_container_resource_requests{{{_BOX}, resource="cpu"}})'
                        f" - sum(rate(container_cpu_usage_seconds_total{{{_BOX}}}[1h]))",
                        "cores",
                    ),
                ),
                lines(
                    "Memory that is asked for and not used",
                    Query(
                        f'sum(kube_pod_container_resource_requests{{{_BOX}, resource="memory"}})'
                        f" - sum(container_memory_working_set_bytes{{{_BOX}}})",
                        "bytes",
                    ),
                    unit="bytes",
                ),
            ),
        ),
    ),
)
