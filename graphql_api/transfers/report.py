"""What an import came to, or would come to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql_api.ledgers.money import major_units

if TYPE_CHECKING:
    from graphql_api.transactions.model import Transaction
    from graphql_api.transfers.rows import RowProblem

MOST_TOLD = 100
"""Problems and differences that are told one by one; all are counted."""

MOST_SHOWN = 10
"""New transactions that a dry run shows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row whose transaction is there with another content, or deleted."""

    line: int
    key: str
    number: int
    fields: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """Counts of rows by what became of them, and the sums of the added ones in minor units by currency.

    `changed` rows are there with another content: written if the import updates, otherwise left. `deleted` rows were
    deleted in the ledger and stay so. `version` is the ledger's afterwards.
    """

    added: int = 0
    unchanged: int = 0
    changed: int = 0
    deleted: int = 0
    skipped: int = 0
    refused: int = 0
    categories: int = 0
    tags: int = 0
    budgets: int = 0
    updated: bool = False
    dry_run: bool = False
    version: int = 0
    totals: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    problems: list[RowProblem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    gone: list[Difference] = field(default_factory=list)
    first: list[tuple[int, Transaction]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All rows that stand for transactions."""
        return self.added + self.unchanged + self.changed + self.deleted + self.skipped + self.refused

    def add(self, line: int, transaction: Transaction) -> None:
        """Count a new transaction."""
        self.added += 1
        self.totals[transaction.currency] += transaction.amount_minor
        if len(self.first) < MOST_SHOWN:
            self.first.append((line, transaction))

    def refuse(self, problems: tuple[RowProblem, ...]) -> None:
        """Count a row that cannot be taken."""
        self.refused += 1
        self.problems.extend(problems[: MOST_TOLD - len(self.problems)])

    def differ(self, difference: Difference) -> None:
        """Count a row whose transaction has another content."""
        self.changed += 1
        if len(self.differences) < MOST_TOLD:
            self.differences.append(difference)

    def find_deleted(self, difference: Difference) -> None:
        """Count a row whose transaction was deleted."""
        self.deleted += 1
        if len(self.gone) < MOST_TOLD:
            self.gone.append(difference)

    def to_json(self) -> dict[str, Any]:
        """The report as one document. Amounts are decimals in major units, as text."""
        counts = ("added", "unchanged", "changed", "deleted", "skipped", "refused")
        return {
            "dryRun": self.dry_run,
            "version": self.version,
            "rows": self.rows,
            **{name: getattr(self, name) for name in counts},
            "updated": self.updated,
            "categoriesAdded": self.categories,
            "tagsAdded": self.tags,
            "budgetsSet": self.budgets,
            "totals": {code: f"{major_units(minor, code):f}" for code, minor in sorted(self.totals.items())},
            "problems": [
                {
                    "line": problem.line,
                    "column": problem.column,
                    "value": problem.value,
                    "reason": problem.reason,
                    "code": problem.code,
                }
                for problem in self.problems
            ],
            "differences": [_difference(difference) for difference in self.differences],
            "deletedBefore": [_difference(difference) for difference in self.gone],
            "first": [
                {
                    "line": line,
                    "date": transaction.date.isoformat(),
                    "amount": f"{transaction.money.value:f}",
                    "currency": transaction.currency,
                    "merchant": transaction.merchant,
                    "description": transaction.description,
                }
                for line, transaction in self.first
            ],
        }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "line": difference.line,
        "key": difference.key,
        "number": difference.number,
        "fields": list(difference.fields),
    }
