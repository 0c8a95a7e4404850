"""The service's place in its cluster, as kube-state-metrics and cAdvisor tell it."""

from tools.dashboards.panels import RATE, Dashboard, Query, Row, lines, number

_SPACE = 'namespace="expense"'
_BOX = f'{_SPACE}, container="expense"'

DASHBOARD = Dashboard(
    "expense-cluster",
    "Expense: cluster",
    "Pods of the namespace expense and the nodes beneath them.",
    (
        Row(
            "Now",
            (
                number("Replicas available", f"sum(kube_deployment_status_replicas_available{{{_SPACE}}})"),
                number("Replicas wanted", f"sum(kube_deployment_spec_replicas{{{_SPACE}}})"),
                number("Replicas at most", f"sum(kube_horizontalpodautoscaler_spec_max_replicas{{{_SPACE}}})"),
                number(
                    "Restarts, last day", f"sum(increase(kube_pod_container_status_restarts_total{{{_SPACE}}}[1d]))"
                ),
                number("Nodes ready", 'sum(kube_node_status_condition{condition="Ready", status="true"})'),
                number(
                    "Pods not ready",
                    f'sum(kube_pod_status_ready{{{_SPACE}, condition="false"}})',
                ),
            ),
        ),
        Row(
            "Pods",
            (
                lines(
                    "Processor",
                    Query(f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{_BOX}}}[{RATE}]))", "{{pod}}"),
                    Query(f'max(kube_pod_container_resource_requests{{{_BOX}, resource="cpu"}})', "requested"),
                ),
                lines(
                    "Memory",
                    Query(f"sum by (pod) (container_memory_working_set_bytes{{{_BOX}}})", "{{pod}}"),
                    Query(f'max(kube_pod_container_resource_limits{{{_BOX}, resource="memory"}})', "at most"),
                    unit="bytes",
                ),
                lines(
                    "Replicas",
                    Query(f"kube_horizontalpodautoscaler_status_current_replicas{{{_SPACE}}}", "there"),
                    Query(f"kube_horizontalpodautoscaler_status_desired_replicas{{{_SPACE}}}", "wanted"),
                ),
            ),
        ),
        Row(
            "Nodes",
            (
                lines(
                    "Processor",
                    Query(
                        f'1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{RATE}]))', "{{instance}}"
                    ),
                    unit="percentunit",
                ),
                lines(
                    "Memory",
                    Query("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{instance}}"),
                    unit="percentunit",
                ),
                lines(
                    "Root file system",
                    Query(
                        '1 - node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}',
                        "{{instance}}",
                    ),
                    unit="percentunit",
                ),
            ),
        ),
    ),
)
