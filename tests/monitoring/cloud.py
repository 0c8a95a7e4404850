"""What a cluster's and CloudWatch's exporters would tell, generated: every series that the dashboards ask for."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    pass

_SPACE = 'namespace="expense"'
_POD = f'{_SPACE}, pod="expense-1", container="expense"'
_DATABASE = 'job="aws_rds", instance="", dbinstance_identifier="expense-dev"'
_CACHE = 'job="aws_elasticache", instance="", cache_cluster_id="expense-dev-001"'
_BALANCER = 'job="aws_applicationelb", instance="", load_balancer="app/expense/1"'

LEVELS = {
    f'kube_deployment_status_replicas_available{{{_SPACE}, deployment="expense"}}': 2,
    f'kube_deployment_spec_replicas{{{_SPACE}, deployment="expense"}}': 2,
    f'kube_horizontalpodautoscaler_spec_max_replicas{{{_SPACE}, horizontalpodautoscaler="expense"}}': 6,
    f'kube_horizontalpodautoscaler_status_current_replicas{{{_SPACE}, horizontalpodautoscaler="expense"}}': 2,
    f'kube_horizontalpodautoscaler_status_desired_replicas{{{_SPACE}, horizontalpodautoscaler="expense"}}': 2,
    'kube_node_status_condition{node="a", condition="Ready", status="true"}': 1,
    'kube_node_info{node="a"}': 1,
    'kube_node_status_allocatable{node="a", resource="cpu"}': 2,
    f'kube_pod_info{{{_SPACE}, pod="expense-1"}}': 1,
    f'kube_pod_status_ready{{{_SPACE}, pod="expense-1", condition="false"}}': 0,
    f'kube_pod_container_resource_requests{{{_POD}, resource="cpu"}}': 0.25,
    f'kube_pod_container_resource_requests{{{_POD}, resource="memory"}}': 160 * 2**20,
    f'kube_pod_container_resource_limits{{{_POD}, resource="memory"}}': 320 * 2**20,
    f"container_memory_working_set_bytes{{{_POD}}}": 120 * 2**20,
    "node_memory_MemAvailable_bytes": 2**30,
    "node_memory_MemTotal_bytes": 2**32,
    'node_filesystem_avail_bytes{mountpoint="/"}': 10 * 2**30,
    'node_filesystem_size_bytes{mountpoint="/"}': 20 * 2**30,
    f"aws_rds_cpuutilization_average{{{_DATABASE}}}": 12,
    f"aws_rds_database_connections_average{{{_DATABASE}}}": 20,
    f"aws_rds_free_storage_space_average{{{_DATABASE}}}": 15 * 2**30,
    f"aws_rds_freeable_memory_average{{{_DATABASE}}}": 2**29,
    f"aws_rds_read_latency_average{{{_DATABASE}}}": 0.001,
    f"aws_rds_write_latency_average{{{_DATABASE}}}": 0.002,
    f"aws_rds_cpucredit_balance_average{{{_DATABASE}}}": 140,
    f"aws_elasticache_engine_cpuutilization_average{{{_CACHE}}}": 3,
    f"aws_elasticache_database_memory_usage_percentage_average{{{_CACHE}}}": 30,
    f"aws_elasticache_evictions_sum{{{_CACHE}}}": 0,
    f"aws_applicationelb_request_count_sum{{{_BALANCER}}}": 600,
    f"aws_applicationelb_httpcode_elb_5_xx_count_sum{{{_BALANCER}}}": 0,
    f"aws_applicationelb_httpcode_target_5_xx_count_sum{{{_BALANCER}}}": 1,
    'aws_natgateway_bytes_out_to_destination_sum{nat_gateway_id="nat-1"}': 10**6,
}
COUNTERS = {
    f"kube_pod_container_status_restarts_total{{{_POD}}}": 0,
    f"container_cpu_usage_seconds_total{{{_POD}}}": 0.1,
    'node_cpu_seconds_total{cpu="0", mode="idle"}': 0.8,
    'aws_billing_estimated_charges_maximum{currency="USD", service_name="AmazonRDS"}': 0.01,
    'aws_billing_estimated_charges_maximum{currency="USD", service_name="AmazonEKS"}': 0.02,
}
"""By how much each grows between two scrapes."""


class Exporter:
    """Tells these series at `port` of this machine for as long as the block lasts."""

    def __init__(self) -> None:
        """Listen."""
        scrapes = count(1)

        class Metrics(BaseHTTPRequestHandler):
            """GET /metrics."""

            def do_GET(self) -> None:
                number = next(scrapes)
                found = {**LEVELS, **{name: step * number for name, step in COUNTERS.items()}}
                body = "".join(f"{name} {value}\n" for name, value in found.items()).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Metrics)
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        """Serve."""
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
