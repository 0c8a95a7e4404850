"""What the ledgers are used for: counts and sums, never content."""

from tools.dashboards.panels import JOB, Dashboard, Query, Row, lines, number, rate


def _day(metric: str, labels: str = "", by: str = "") -> str:
    selected = f"{metric}{{{', '.join(part for part in (JOB, labels) if part)}}}"
    return f"sum{f' by ({by})' if by else ''} (increase({selected}[1d]))"


DASHBOARD = Dashboard(
    "expense-business",
    "Expense: business",
    "What is entered, by currency. Sums are never added across currencies.",
    (
        Row(
            "The last day",
            (
                number("Transactions created", _day("expense_transactions_total", 'operation="create"')),
                number("Writes", _day("expense_writes_total")),
                number("Changes", _day("expense_changes_total")),
                number("Operations", _day("graphql_operations_total", 'outcome="ok"')),
                number("Currencies in use", f"count({_day('expense_transactions_total', by='currency')} > 0)"),
                number("Versions that serve", f"count(count by (version) (expense_build_info{{{JOB}}}))"),
            ),
        ),
        Row(
            "Transactions",
            (
                lines(
                    "Changes by currency",
                    Query(rate("expense_transactions_total", by="currency, operation"), "{{operation}} {{currency}}"),
                ),
                lines(
                    "Spent a day",
                    Query(_day("expense_transaction_amount_total", 'direction="spent"', "currency"), "{{currency}}"),
                    description="In each currency's major units.",
                ),
                lines(
                    "Refunded a day",
                    Query(_day("expense_transaction_amount_total", 'direction="refunded"', "currency"), "{{currency}}"),
                    description="In each currency's major units.",
                ),
            ),
        ),
        Row(
            "Use",
            (
                lines(
                    "Operations that people's programs name",
                    Query(f"topk(10, {rate('graphql_operations_total', by='operation')})", "{{operation}}"),
                ),
                lines(
                    "REST", Query(rate("http_requests_total", 'route=~"/transaction.*|/api.*"', "route"), "{{route}}")
                ),
                lines(
                    "Subscriptions", Query(f"sum by (transport) (expense_subscriptions_open{{{JOB}}})", "{{transport}}")
                ),
            ),
        ),
    ),
)
