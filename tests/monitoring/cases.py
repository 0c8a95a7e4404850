"""For each alert series under which it fires, and series like them under which it must not.

Series are written as promtool does: `start+stepxtimes`, a sample a minute.
"""

from __future__ import annotations

from dataclasses import dataclass

Series = dict[str, str]

JOB = 'job="expense"'
WRITES = f"expense_writes_total{{{JOB}}}"
RETRIES = f"expense_write_retries_total{{{JOB}}}"


@dataclass(frozen=True)
class Case:
    """`at` is when the alerts are looked at, in minutes; `count` is how many of the name fire then."""

    alert: str
    firing: Series
    quiet: Series
    at: int = 30
    count: int = 1


def requests(good: float, failed: float = 0.0, slow: float = 0.0, minutes: int = 90) -> Series:
    """Requests a minute: answered well and at once, failed, and answered too late."""
    place = f'{JOB}, method="POST", route="/graphql"'
    everything = good + failed + slow
    return {
        f'http_requests_total{{{place}, status="2xx"}}': f"0+{good + slow}x{minutes}",
        f'http_requests_total{{{place}, status="5xx"}}': f"0+{failed}x{minutes}",
        f'http_request_duration_seconds_bucket{{{place}, le="0.1"}}': f"0+{good + failed}x{minutes}",
        f"http_request_duration_seconds_count{{{place}}}": f"0+{everything}x{minutes}",
        # a health check that fails is told by the dependency, not by the objectives
        f'http_requests_total{{{JOB}, method="GET", route="/readyz", status="5xx"}}': f"0+{everything}x{minutes}",
    }


def _then(first: str, last: str, minutes: int) -> str:
    return f"{first}x{minutes} {last}x{minutes}"


def _statements(slow: int) -> Series:
    place = f'{JOB}, statement="select", table="ledgers"'
    name = "expense_database_statement_duration_seconds_bucket"
    return {
        f'{name}{{{place}, le="0.25"}}': f"0+{100 - slow}x60",
        f'{name}{{{place}, le="1.0"}}': "0+100x60",
        f'{name}{{{place}, le="+Inf"}}': "0+100x60",
    }


OBJECTIVES = [
    Case("ExpenseErrorsBudgetFast", requests(97, failed=3), requests(99, failed=1), 80),
    Case("ExpenseErrorsBudgetMedium", requests(990, failed=10, minutes=400), requests(995, failed=5, minutes=400), 390),
    Case("ExpenseErrorsBudgetSlow", requests(995, failed=5, minutes=1500), requests(998, failed=2, minutes=1500), 1490),
    Case(
        "ExpenseErrorsBudgetCreeping",
        requests(9980, failed=20, minutes=4400),
        requests(9995, failed=5, minutes=4400),
        4390,
    ),
    Case("ExpenseLatencyBudgetFast", requests(80, slow=20), requests(90, slow=10), 80),
    Case("ExpenseLatencyBudgetMedium", requests(90, slow=10, minutes=400), requests(95, slow=5, minutes=400), 390),
    Case("ExpenseLatencyBudgetSlow", requests(95, slow=5, minutes=1500), requests(98, slow=2, minutes=1500), 1490),
    Case(
        "ExpenseLatencyBudgetCreeping", requests(980, slow=20, minutes=4400), requests(995, slow=5, minutes=4400), 4390
    ),
]

SERVICE = [
    Case("ExpenseDown", {f"up{{{JOB}, instance='a'}}": "0x60"}, {f"up{{{JOB}, instance='a'}}": "1x60"}),
    Case("ExpenseDown", {}, {f"up{{{JOB}, instance='a'}}": "1x60", f"up{{{JOB}, instance='b'}}": "0x60"}),
    Case(
        "ExpenseDependencyDown",
        {f'expense_dependency_up{{{JOB}, dependency="redis"}}': "0x60"},
        {f'expense_dependency_up{{{JOB}, dependency="redis"}}': _then("1", "0", 29)},
    ),
    Case(
        "ExpenseDatabaseErrors",
        {f'expense_database_errors_total{{{JOB}, pool="read"}}': "0+60x60"},
        {f'expense_database_errors_total{{{JOB}, pool="read"}}': "0+1x60"},
    ),
    Case(
        "ExpenseConnectionsExhausted",
        {
            f'expense_database_connections_waiting{{{JOB}, pool="read"}}': "3x60",
            f'expense_database_connection_timeouts_total{{{JOB}, pool="read"}}': "0+5x60",
        },
        {
            f'expense_database_connections_waiting{{{JOB}, pool="read"}}': "3x60",
            f'expense_database_connection_timeouts_total{{{JOB}, pool="read"}}': "5x60",
        },
    ),
    Case("ExpenseStatementsSlow", _statements(5), _statements(0)),
    Case("ExpenseWritesRetried", {WRITES: "0+60x60", RETRIES: "0+10x60"}, {WRITES: "0+60x60", RETRIES: "0+2x60"}, 50),
    Case(
        "ExpenseRedisFailing",
        {f'expense_cache_lookups_total{{{JOB}, layer="redis", outcome="failure"}}': "0+2x60"},
        {f'expense_cache_lookups_total{{{JOB}, layer="redis", outcome="failure"}}': "2x60"},
    ),
    Case(
        "ExpenseRedisFailing",
        {f"expense_budget_fallbacks_total{{{JOB}}}": "0+2x60"},
        {f"expense_budget_fallbacks_total{{{JOB}}}": "0x60"},
    ),
    Case(
        "ExpenseCacheRejected",
        {f"expense_cache_rejected_total{{{JOB}}}": "0x20 1x40"},
        {f"expense_cache_rejected_total{{{JOB}}}": "1x60"},
    ),
    Case(
        "ExpenseSubscribersLeft",
        {f'expense_subscription_slow_total{{{JOB}, transport="sse"}}': "0+6x60"},
        {f'expense_subscription_slow_total{{{JOB}, transport="sse"}}': "0x60"},
        50,
    ),
    Case(
        "ExpenseAccessDenied",
        {f'expense_access_denied_total{{{JOB}, reason="expired"}}': "0+120x60"},
        {f'expense_access_denied_total{{{JOB}, reason="expired"}}': "0+10x60"},
    ),
    Case(
        "ExpenseInternalErrors",
        {f'graphql_errors_total{{{JOB}, code="INTERNAL_SERVER_ERROR"}}': "0x20 1x40"},
        {f'graphql_errors_total{{{JOB}, code="NOT_FOUND"}}': "0x20 1x40"},
    ),
    Case(
        "ExpenseFilesExhausted",
        {f"process_open_fds{{{JOB}}}": "900x60", f"process_max_fds{{{JOB}}}": "1000x60"},
        {f"process_open_fds{{{JOB}}}": "90x60", f"process_max_fds{{{JOB}}}": "1000x60"},
    ),
    Case(
        "ExpenseVersionsDiffer",
        {f'expense_build_info{{{JOB}, version="{version}"}}': "1x90" for version in ("1.0.0", "1.1.0")},
        {f'expense_build_info{{{JOB}, version="1.0.0", instance="{pod}"}}': "1x90" for pod in ("a", "b")},
        80,
    ),
]

_POD = 'namespace="expense", pod="expense-1"'
_SPACE = 'namespace="expense", deployment="expense"'
_SCALER = 'namespace="expense", horizontalpodautoscaler="expense"'


def _memory(used: float) -> Series:
    return {
        f'container_memory_working_set_bytes{{{_POD}, container="expense"}}': f"{used}x60",
        f'kube_pod_container_resource_limits{{{_POD}, container="expense", resource="memory"}}': "100x60",
    }


def _processor(seconds_a_minute: float) -> Series:
    return {
        f'container_cpu_usage_seconds_total{{{_POD}, container="expense"}}': f"0+{seconds_a_minute}x90",
        f'kube_pod_container_resource_requests{{{_POD}, container="expense", resource="cpu"}}': "0.25x90",
    }


CLUSTER = [
    Case(
        "ExpenseReplicasMissing",
        {
            f"kube_deployment_status_replicas_available{{{_SPACE}}}": "1x60",
            f"kube_deployment_spec_replicas{{{_SPACE}}}": "2x60",
        },
        {
            f"kube_deployment_status_replicas_available{{{_SPACE}}}": "2x60",
            f"kube_deployment_spec_replicas{{{_SPACE}}}": "2x60",
        },
    ),
    Case(
        "ExpensePodsRestarting",
        {f"kube_pod_container_status_restarts_total{{{_POD}}}": "0+0.2x90"},
        {f"kube_pod_container_status_restarts_total{{{_POD}}}": "0x30 1x60"},
        80,
    ),
    Case("ExpenseMemoryNearLimit", _memory(95), _memory(50)),
    Case("ExpenseProcessorThrottled", _processor(54), _processor(15), 80),
    Case(
        "ExpenseScaledOut",
        {
            f"kube_horizontalpodautoscaler_status_current_replicas{{{_SCALER}}}": "6x60",
            f"kube_horizontalpodautoscaler_spec_max_replicas{{{_SCALER}}}": "6x60",
        },
        {
            f"kube_horizontalpodautoscaler_status_current_replicas{{{_SCALER}}}": "2x60",
            f"kube_horizontalpodautoscaler_spec_max_replicas{{{_SCALER}}}": "6x60",
        },
        50,
    ),
    Case(
        "ExpenseMigrationFailed",
        {'kube_job_status_failed{namespace="expense", job_name="expense-migrate"}': "1x60"},
        {'kube_job_status_failed{namespace="expense", job_name="expense-migrate"}': "0x60"},
    ),
]

CASES = [*OBJECTIVES, *SERVICE, *CLUSTER]
