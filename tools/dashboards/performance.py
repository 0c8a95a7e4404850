"""How the service serves."""

from tools.dashboards.panels import JOB, RATE, Dashboard, Query, Row, lines, number, quantile, rate

_ASKED = 'route!~"/livez|/readyz|/metrics"'
_FAILED = f'sum(rate(http_requests_total{{{JOB}, {_ASKED}, status="5xx"}}[1h])) or vector(0)'
_OPERATION = "graphql_operation_duration_seconds"
_STATEMENT = "expense_database_statement_duration_seconds"


def _share(part: str, whole: str) -> str:
    return f"{part} / ({whole} > 0)"


def _or_none(expr: str) -> str:
    """Nought where there is nothing, so that a panel of what should not happen is not empty."""
    return f"{expr} or vector(0)"


DASHBOARD = Dashboard(
    "expense-performance",
    "Expense: application performance",
    "Requests, operations, cache, database and subscriptions of the service.",
    (
        Row(
            "Objectives",
            (
                number("Requests a second", rate("http_requests_total", _ASKED), "reqps"),
                number(
                    "Failed, last hour",
                    f"({_FAILED}) / sum(rate(http_requests_total{{{JOB}, {_ASKED}}}[1h]))",
                    "percentunit",
                    "The objective is 0.1 %.",
                ),
                number(
                    "Slower than 100 ms, last hour",
                    f'1 - sum(rate(http_request_duration_seconds_bucket{{{JOB}, {_ASKED}, le="0.1"}}[1h]))'
                    f" / sum(rate(http_request_duration_seconds_count{{{JOB}, {_ASKED}}}[1h]))",
                    "percentunit",
                    "The objective is 1 %.",
                ),
                number("95 % within", quantile("0.95", "http_request_duration_seconds", _ASKED), "s"),
                number("Subscriptions open", f"sum(expense_subscriptions_open{{{JOB}}})"),
                number("Processes up", f"sum(up{{{JOB}}})"),
            ),
        ),
        Row(
            "HTTP",
            (
                lines("Requests", Query(rate("http_requests_total", _ASKED, "route, status"), "{{route}} {{status}}")),
                lines(
                    "Duration",
                    Query(quantile("0.5", "http_request_duration_seconds", _ASKED), "half"),
                    Query(quantile("0.95", "http_request_duration_seconds", _ASKED), "95 %"),
                    Query(quantile("0.99", "http_request_duration_seconds", _ASKED), "99 %"),
                    unit="s",
                ),
                lines("In flight", Query(f"sum by (instance) (http_requests_in_flight{{{JOB}}})", "{{instance}}")),
            ),
        ),
        Row(
            "GraphQL",
            (
                lines("Operations", Query(rate("graphql_operations_total", by="operation"), "{{operation}}")),
                lines(
                    "95 % within, by operation",
                    Query(quantile("0.95", _OPERATION, by="operation"), "{{operation}}"),
                    unit="s",
                ),
                lines(
                    "Not ok",
                    Query(_or_none(rate("graphql_operations_total", 'outcome!="ok"', "outcome")), "{{outcome}}"),
                    Query(_or_none(rate("graphql_errors_total", by="code")), "{{code}}"),
                ),
            ),
        ),
        Row(
            "Cache",
            (
                lines(
                    "Hits",
                    Query(
                        _share(
                            rate("expense_cache_lookups_total", 'outcome="hit"', "content, layer"),
                            rate("expense_cache_lookups_total", by="content, layer"),
                        ),
                        "{{content}} in {{layer}}",
                    ),
                    unit="percentunit",
                ),
                lines(
                    "Requests that shared a read",
                    Query(
                        f"1 - {rate('expense_coalesced_reads_total', by='content')}"
                        f" / ({rate('expense_coalesced_requests_total', by='content')} > 0)",
                        "{{content}}",
                    ),
                    Query(
                        f"{rate('expense_answers_shared_total')} / ({rate('expense_answers_made_total')}"
                        f" + {rate('expense_answers_shared_total')} > 0)",
                        "answers",
                    ),
                    unit="percentunit",
                ),
                lines("Size", Query(f"sum by (content) (expense_cache_bytes{{{JOB}}})", "{{content}}"), unit="bytes"),
            ),
        ),
        Row(
            "Database",
            (
                lines(
                    "Statements", Query(rate(f"{_STATEMENT}_count", by="statement, table"), "{{statement}} {{table}}")
                ),
                lines("99 % within", Query(quantile("0.99", _STATEMENT, by="statement"), "{{statement}}"), unit="s"),
                lines(
                    "Connections",
                    Query(f"sum by (pool) (expense_database_connections_in_use{{{JOB}}})", "{{pool}} in use"),
                    Query(f"sum by (pool) (expense_database_connections_waiting{{{JOB}}})", "{{pool}} waiting"),
                    Query(f"sum by (pool) (expense_database_connections_limit{{{JOB}}})", "{{pool}} at most"),
                ),
            ),
        ),
        Row(
            "Writes and subscriptions",
            (
                lines(
                    "Writes that share a commit",
                    Query(
                        _share(rate("expense_commit_group_writes_sum"), rate("expense_commit_group_writes_count")),
                        "on average",
                    ),
                    Query(quantile("0.95", "expense_commit_group_writes"), "95 %"),
                ),
                lines("Events sent", Query(rate("expense_subscription_events_total", by="transport"), "{{transport}}")),
                lines(
                    "Processor",
                    Query(
                        f"sum by (instance) (rate(process_cpu_seconds_total{{{JOB}}}[{RATE}]))", "{{instance}} cores"
                    ),
                ),
            ),
        ),
    ),
)
