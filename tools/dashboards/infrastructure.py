"""What AWS runs for the service, as Prometheus' CloudWatch exporter tells it (helm/files/cloudwatch-exporter.yaml)."""

from tools.dashboards.panels import Dashboard, Query, Row, lines

_DATABASE = "{{dbinstance_identifier}}"
_CACHE = "{{cache_cluster_id}}"

DASHBOARD = Dashboard(
    "expense-infrastructure",
    "Expense: infrastructure",
    "Database, cache, load balancer and network address translation.",
    (
        Row(
            "Database",
            (
                lines("Processor", Query("aws_rds_cpuutilization_average", _DATABASE), unit="percent"),
                lines("Connections", Query("aws_rds_database_connections_average", _DATABASE)),
                lines("Free storage", Query("aws_rds_free_storage_space_average", _DATABASE), unit="bytes"),
                lines("Freeable memory", Query("aws_rds_freeable_memory_average", _DATABASE), unit="bytes"),
                lines(
                    "Latency",
                    Query("aws_rds_read_latency_average", f"read {_DATABASE}"),
                    Query("aws_rds_write_latency_average", f"write {_DATABASE}"),
                    unit="s",
                ),
                lines("Credits of burstable classes", Query("aws_rds_cpucredit_balance_average", _DATABASE)),
            ),
        ),
        Row(
            "Cache",
            (
                lines(
                    "Engine's processor", Query("aws_elasticache_engine_cpuutilization_average", _CACHE), unit="percent"
                ),
                lines(
                    "Memory used",
                    Query("aws_elasticache_database_memory_usage_percentage_average", _CACHE),
                    unit="percent",
                ),
                lines("Evictions", Query("aws_elasticache_evictions_sum", _CACHE)),
            ),
        ),
        Row(
            "Load balancer and network",
            (
                lines("Requests a minute", Query("aws_applicationelb_request_count_sum", "{{load_balancer}}")),
                lines(
                    "Errors a minute",
                    Query("aws_applicationelb_httpcode_elb_5_xx_count_sum", "load balancer"),
                    Query("aws_applicationelb_httpcode_target_5_xx_count_sum", "service"),
                ),
                lines(
                    "Through NAT a minute",
                    Query("aws_natgateway_bytes_out_to_destination_sum", "{{nat_gateway_id}}"),
                    unit="bytes",
                ),
            ),
        ),
    ),
)
