"""The one error tree. Doors map it to their own shapes; nothing else crosses a service's border.

::

    LedgerError
    ├── Unauthenticated      the caller must say who it is: 401
    ├── Refused              the caller can mend it: one or more Problems, each with code, path and message
    └── Unavailable          the caller can only wait: 503 with Retry-After
        └── OutcomeUnknown   the connection broke during COMMIT: repeat the write with its idempotency key
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]


class Code(Enum):
    """Why an input was refused. The GraphQL enum of the same name shows these descriptions."""

    REQUIRED = "A value is missing."
    INVALID = "The value is not of the form that the field takes."
    TOO_LONG = "The text, list or document is longer than allowed."
    AMOUNT_INVALID = "The amount is not a finite decimal number."
    AMOUNT_TOO_PRECISE = "The amount has more decimals than its currency has."
    AMOUNT_OUT_OF_RANGE = "The amount, or the sum it would lead to, is too large to be kept exactly."
    CURRENCY_UNKNOWN = "The currency is not a code in current use of ISO 4217 with a minor unit."
    DATE_INVALID = "The date is not a day of the calendar between 1000-01-01 and 9999-12-31."
    ID_INVALID = "The id is not one that this service gave, or is of another kind or ledger."
    CURSOR_INVALID = "The cursor is not one that this service gave for this query."
    PAGE_INVALID = "The page asked for is impossible: first and last, or a size out of range."
    FILTER_INVALID = "The filter contradicts itself, or is nested too deep."
    NOT_FOUND = "There is no such thing in this ledger, or not any more."
    ALREADY_EXISTS = "The ledger has one with this name or external id already."
    IN_USE = "Something in the ledger still refers to it."
    DELETED = "It is deleted: restore it first."
    NOT_DELETED = "It is not deleted: delete it first."
    VERSION_CONFLICT = "It was changed since the version that the caller named."
    UNDO_CONFLICT = "It was changed again since, or cannot be undone."
    IDEMPOTENCY_KEY_REUSED = "The idempotency key was used for another request."
    BATCH_ABORTED = "Nothing was written, because another row of the atomic batch was refused."
    FORBIDDEN = "The principal may not do this."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input: which field (`path`), which rule (`code`), in words (`message`)."""

    code: Code
    message: str
    path: Path = ()

    def under(self, *prefix: str | int) -> Problem:
        """The same problem, its path seen from further out."""
        return Problem(self.code, self.message, (*prefix, *self.path))


class LedgerError(Exception):
    """The root of every error that a service raises on purpose."""


class Unauthenticated(LedgerError):
    """The caller did not say who it is, or not so that it can be believed. The text says what is wrong, no secret.

    `reason` is one of a few words that logs and metrics tell, such as missing, malformed, signature, expired.
    """

    def __init__(self, message: str, reason: str) -> None:
        """Say why, to the caller and to those who watch."""
        self.reason = reason
        super().__init__(message)


class Refused(LedgerError):
    """The input breaks a rule; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take every problem that was found, at least one."""
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))

    @classmethod
    def because(cls, code: Code, message: str, *path: str | int) -> Self:
        """Refuse for a single reason."""
        return cls([Problem(code, message, path)])

    def under(self, *prefix: str | int) -> Refused:
        """The same refusal, its paths seen from further out."""
        return Refused(problem.under(*prefix) for problem in self.problems)


class Unavailable(LedgerError):
    """A dependency does not answer. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        """Say what is unavailable in words that hold no secret."""
        self.retry_after = retry_after
        super().__init__(message)


class OutcomeUnknown(Unavailable):
    """The database went away while it committed: the write may stand or not."""


class Problems:
    """Collects problems, so that a caller is told all of them at once."""

    def __init__(self) -> None:
        """Start with none."""
        self.found: list[Problem] = []

    def __enter__(self) -> Self:
        """Collect what the block raises as `Refused`; several blocks may follow one another."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        """Swallow a refusal and remember its problems."""
        if isinstance(error, Refused):
            self.found.extend(error.problems)
            return True
        return False

    def check(self) -> None:
        """Raise `Refused` if anything was found."""
        if self.found:
            raise Refused(self.found)
