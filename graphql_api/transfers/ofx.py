"""Statements of banks and cards in OFX 1.x and 2.x, as transactions.

In OFX money that leaves the account is negative; in a ledger an expense is positive, so the sign is turned.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bankfile.normalize import parse_amount, parse_date
from bankfile.ofx.header import read_header
from bankfile.ofx.sgml import parse_tags

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transactions.model import Draft
from graphql_api.transfers.lists import joined
from graphql_api.transfers.rows import BadRow, Cells, Row, RowProblem, TransactionRow, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bankfile.ofx.sgml import Node

LARGEST = 64 * 2**20
"""Bytes of a file, which is read as a whole."""

_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM")
_TRANSACTION = re.compile(r"<STMTTRN\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OfxSource:
    """A statement file. `keep_sign` leaves amounts as the bank signs them."""

    path: Path
    size: int
    keep_sign: bool = False

    @classmethod
    def open(cls, path: Path, *, keep_sign: bool = False) -> OfxSource:
        """A file by its path."""
        return cls(path, path.stat().st_size, keep_sign)

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row]:
        """The transactions of all statements in the file."""
        text, root = _tree(self.path)
        statements = _statements(root)
        if not statements:
            message = f"{self.path.name} holds no statement of a bank account or a card."
            raise Refused.because(Code.INVALID, message, "file")
        lines = _lines(text)
        pairs = [(statement, node) for statement in statements for node in _own(statement, "STMTTRN")]
        for position, (statement, node) in enumerate(pairs):
            line = lines[position] if len(lines) == len(pairs) else 0
            yield _row(statement, node, line, keep_sign=self.keep_sign)
        progress(self.size)


def _tree(path: Path) -> tuple[str, Node]:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused.because(Code.TOO_LONG, f"An OFX file has at most {LARGEST // 2**20} MiB.", "file")
        data = path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}."
        raise Refused.because(Code.NOT_FOUND, message, "file") from error
    header = read_header(data)
    root, _ = parse_tags(header.body)
    if root.child("OFX") is None:
        raise Refused.because(Code.INVALID, f"{path.name} is no OFX file: it has no element OFX.", "file")
    if "</OFX>" not in header.body.upper():
        message = f"{path.name} ends before its closing </OFX>: a part of it is missing."
        raise Refused.because(Code.INVALID, message, "file")
    whole = data.decode(header.encoding, "replace")
    return whole[: len(whole) - len(header.body)] + header.body, root


def _statements(root: Node) -> list[Node]:
    """All statements in document order. One whose end tag is missing holds the next, which stands for itself."""
    found: list[Node] = []
    pending = list(reversed(root.children))
    while pending:
        node = pending.pop()
        if node.tag in _STATEMENTS:
            found.append(node)
        pending.extend(reversed(node.children))
    return found


def _own(statement: Node, tag: str) -> list[Node]:
    return statement.find_all(tag, stop_at=_STATEMENTS)


def _lines(text: str) -> list[int]:
    lines: list[int] = []
    line, position = 1, 0
    for match in _TRANSACTION.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.append(line)
    return lines


def _row(statement: Node, node: Node, line: int, *, keep_sign: bool) -> Row:
    account = _account(statement)
    identity = node.child_text("FITID") or ""
    problems: list[RowProblem] = []

    def refuse(tag: str, code: Code, rule: str) -> None:
        value = node.child_text(tag) or ""
        where = f"In the transaction {identity or 'without FITID'} of the account {account[-1]}"
        told = f"{where}, {f'this is not {rule}' if value else 'it is missing'}."
        problems.append(RowProblem(line, tag, shortened(value), told, code.name))

    # what the library is in doubt about, such as 2,000, is refused too
    amount, doubts = parse_amount(node.child_text("TRNAMT") or "", field="TRNAMT")
    if amount is None or doubts:
        refuse("TRNAMT", Code.AMOUNT_INVALID, "plainly a decimal number such as -12.50")
    day, doubts = parse_date(node.child_text("DTPOSTED") or "", field="DTPOSTED")
    if day is None or doubts:
        refuse("DTPOSTED", Code.DATE_INVALID, "a day written as 20260228")
    if problems or amount is None:
        return BadRow(tuple(problems))
    payee = node.child("PAYEE")
    merchant = node.child_text("NAME") or (payee.child_text("NAME") if payee is not None else None) or ""
    memo = node.child_text("MEMO") or ""
    draft = Draft(
        date=day,
        amount=amount if keep_sign else amount.copy_negate(),
        currency=_currency(statement, node),
        merchant=merchant,
        description="" if memo == merchant else memo,
    )
    content = json.dumps([account, [[child.tag, child.value] for child in node.children]])
    return TransactionRow(
        line=line,
        draft=draft,
        key=joined((*account, identity), "/") if identity else None,
        content=content,
        cells=_cells(node, identity),
    )


def _account(statement: Node) -> tuple[str, ...]:
    for tag in _ACCOUNTS:
        for node in _own(statement, tag):
            parts = tuple(text for name in ("BANKID", "ACCTID") if (text := node.child_text(name)))
            if parts:
                return parts
    return ("unknown",)


def _currency(statement: Node, node: Node) -> str | None:
    own = node.child("CURRENCY")  # ORIGCURRENCY is the one before the bank converted the amount
    code = own.child_text("CURSYM") if own is not None else None
    if code is None:
        found = _own(statement, "CURDEF")
        code = found[0].value if found else None
    return code.upper() if code else None


def _cells(node: Node, identity: str) -> Cells:
    names = {"date": "DTPOSTED", "amount": "TRNAMT", "merchant": "NAME", "description": "MEMO"}
    cells = {name: (tag, node.child_text(tag) or "") for name, tag in names.items()}
    return {**cells, "currency": ("CURDEF", ""), "key": ("FITID", identity)}
