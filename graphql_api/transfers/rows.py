"""What a file holds, row by row, before a ledger has judged it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphql_api.ledgers.errors import Problem
    from graphql_api.transactions.model import Draft

SHOWN = 40
"""Characters of a wrong value that a message repeats."""

Cells = dict[str, tuple[str, str]]
"""For each field of a draft: the column that it was read from, and what stood there."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is refused: where it begins in the file, which column, what stood there, and the rule."""

    line: int
    column: str
    value: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionRow:
    """A transaction of the file.

    `category` is the path of names from the top, () for none, None where the file does not tell. `key` names the row,
    or else `content` is what it is recognised by. `origin` and `number` name a transaction that has no key in the
    ledger that it was exported from.
    """

    line: int
    draft: Draft
    category: tuple[str, ...] | None = None
    key: str | None = None
    content: str = ""
    number: tuple[str, int] | None = None
    deleted: bool = False
    cells: Cells = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category by its path, to be made if it is missing."""

    line: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag by its name, to be made if it is missing."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """The limit of a month (2026-02), category (None: all) and currency."""

    line: int
    month: str
    category: tuple[str, ...] | None
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that the caller asked to leave out."""

    line: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not even be read."""

    problems: tuple[RowProblem, ...]


Row = TransactionRow | CategoryRow | TagRow | BudgetRow | SkippedRow | BadRow


class Source(Protocol):
    """A file as rows. It is read again from its beginning each time, since a write may be tried again.

    `progress` is told how many of `size` bytes are read.
    """

    @property
    def size(self) -> int:
        """What `progress` comes up to."""

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """All rows in their order. Raises `Refused` when the file as a whole cannot be read."""


def shortened(value: str) -> str:
    """A value as a message shows it: on one line, and not long."""
    text = value if value.isprintable() else value.encode("unicode_escape").decode("ascii")
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def row_problem(problem: Problem, row: TransactionRow) -> RowProblem:
    """A rule's refusal, told in the file's own terms."""
    names = [part for part in problem.path if isinstance(part, str)]
    name = _FIELDS.get(".".join(names), names[0] if names else "")
    column, value = row.cells.get(name, (name, ""))
    return RowProblem(row.line, column, shortened(value), problem.message, problem.code.name)


_FIELDS = {
    "amount.value": "amount",
    "amount.currency": "currency",
    "externalId": "key",
    "categoryId": "category",
    "name": "category",
    "parentId": "category",
}
