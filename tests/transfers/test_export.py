"""Export, and its way back."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.budgets.service import set_budget
from graphql_api.categories.service import create_category
from graphql_api.database.commands import delete
from graphql_api.ledgers.errors import Refused
from graphql_api.ledgers.money import EXPONENTS, MAX_MINOR_UNITS, major_units
from graphql_api.ledgers.principal import FIRST_LEDGER
from graphql_api.tags.service import create_tag
from graphql_api.transactions.filters import DateCondition, TransactionFilter
from graphql_api.transactions.model import Draft
from graphql_api.transactions.service import Create, Update, single
from graphql_api.transactions.store import TRANSACTION
from graphql_api.transactions.totals import Deleted
from graphql_api.transfers.demo import DemoSource
from graphql_api.transfers.exporter import Selection
from tests.transfers.support import ENVELOPE, Books, content, opened, written


@pytest.mark.anyio
async def test_a_ledger_comes_back_whole_on_every_engine(books: Books, tmp_path: Path) -> None:
    await books.take(DemoSource("USD"))
    extra = Draft(date="2026-02-28", amount="-1.00", currency="EUR", merchant="=1+1", description="two\nlines 🍰")
    await books.database.write(FIRST_LEDGER, single(ENVELOPE, Create(extra)))
    exported = await books.jsonl()
    path = written(tmp_path, exported, "ledger.jsonl")

    again = await books.take(path)
    assert (again.added, again.changed, again.budgets) == (0, 0, 0)
    assert await books.jsonl() == exported

    other = await books.new_ledger()
    report = await books.take(path, ledger=other)
    assert report.budgets == 72
    assert content(await books.jsonl(other)) == content(exported)
    assert (await books.take(path, ledger=other)).added == 0

    third = await books.new_ledger()
    text = await books.csv()
    await books.take(written(tmp_path, text), ledger=third)
    assert await books.csv(third) == text
    assert (await books.take(written(tmp_path, text))).added == 0


@pytest.mark.anyio
async def test_an_export_is_of_one_version_and_one_selection(books: Books) -> None:
    for day in ("2026-01-31", "2026-02-01", "2026-02-28"):
        await books.database.write(FIRST_LEDGER, single(ENVELOPE, Create(Draft(date=day, amount="1"))))
    await books.database.write(FIRST_LEDGER, single(ENVELOPE, Update(2, Draft(merchant="later"))))
    await books.database.write(FIRST_LEDGER, delete(ENVELOPE, TRANSACTION, 3))

    def days(lines: str) -> list[str]:
        return [item["date"] for line in lines.splitlines() if (item := json.loads(line))["type"] == "transaction"]

    assert days(await books.jsonl()) == ["2026-01-31", "2026-02-01"]
    early = await books.jsonl(selection=Selection(as_of=4))
    assert days(early) == ["2026-01-31", "2026-02-01", "2026-02-28"]
    assert "later" not in early
    assert json.loads(early.splitlines()[0])["version"] == 4
    february = TransactionFilter(date=DateCondition(gte=date(2026, 2, 1), lte=date(2026, 2, 28)))
    assert days(await books.jsonl(selection=Selection(wanted=february))) == ["2026-02-01"]
    both = Selection(wanted=february, deleted=Deleted.INCLUDE)
    assert days(await books.jsonl(selection=both)) == ["2026-02-01", "2026-02-28"]


@pytest.mark.anyio
async def test_deleted_transactions_come_back_deleted(books: Books, tmp_path: Path) -> None:
    await books.database.write(FIRST_LEDGER, single(ENVELOPE, Create(Draft(date="2026-01-01", amount="1"))))
    await books.database.write(FIRST_LEDGER, delete(ENVELOPE, TRANSACTION, 1))
    everything = Selection(deleted=Deleted.INCLUDE)
    exported = await books.jsonl(selection=everything)
    other = await books.new_ledger()
    path = written(tmp_path, exported, "ledger.jsonl")
    await books.take(path, ledger=other)
    assert [transaction.deleted for transaction in await books.transactions(other)] == [True]
    assert content(await books.jsonl(other, everything)) == content(exported)
    assert (await books.take(path, ledger=other)).unchanged == 1
    assert (await books.take(path)).unchanged == 1


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"type":"transaction","date":"2026-01-01","amount":NaN,"currency":"EUR"}', "JSON"),
        (b'{"type":"transaction","date":"2026-01-01","amount":1.5,"currency":"EUR"}', "amount is a text"),
        (b'{"type":"transaction","date":"2026-01-01","amount":"1","currency":"EUR","tags":"x"}', "list"),
        (b'{"type":"transaction","date":"2026-01-01","amount":"1","currency":"EUR","sum":1}', "no such field"),
        (b'{"type":"transaction","date":"2026-01-01","amount":"1","currency":"XXX"}', "XXX"),
        (b'{"type":"transaction","date":"2026-01-01","amount":"1"}', "currency must not be empty"),
        (b'{"type":"transaction","type":"tag"}', "duplicate"),
        (b'{"type":"account"}', "type is one of"),
        (b'{"type":"category","path":[]}', "at least one name"),
        (b'{"type":"category","path":["a\\u0000"]}', "control character"),
        (b'{"type":"tag","name":"\\ud800"}', "JSON"),
        (b'{"type":"budget","month":"2026-13","amount":"1","currency":"EUR"}', "2026-13"),
        (b'{"type":"budget","month":"2026-12","amount":"-1","currency":"EUR"}', "not negative"),
        (b'{"type":"ledger","format":"expense-ledger/1"}', "first line"),
        (b"[1]", "object"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"type":"tag","name":"\xff"}', "JSON"),
        (b'{"type":"tag","name":"' + b"x" * 2**20 + b'"}', "longer"),
    ],
)
async def test_wrong_lines_are_told(books: Books, tmp_path: Path, line: bytes, told: str) -> None:
    path = written(tmp_path, b'{"type":"tag","name":"fine"}\n' + line + b"\n", "file.jsonl")
    report = await books.take(path, skip_bad=True)
    (problem,) = report.problems
    assert problem.line == 2
    assert told in problem.reason
    assert await books.tags() == {"fine"}
    assert await books.categories() == set()


@pytest.mark.anyio
async def test_a_later_format_is_refused(books: Books, tmp_path: Path) -> None:
    path = written(tmp_path, '{"type":"ledger","format":"expense-ledger/2"}\n', "file.jsonl")
    with pytest.raises(Refused, match="expense-ledger/2"):
        await books.take(path)


@dataclass
class _Loop:
    """A database and the event loop that its connections belong to, for examples that run in one test."""

    runner: asyncio.Runner
    books: Books
    folder: Path


@pytest.fixture(scope="module")
def loop() -> Iterator[_Loop]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        path = Path(folder)
        context = opened(f"sqlite+aiosqlite:///{path / 'ledger.sqlite3'}")
        books = runner.run(context.__aenter__())
        try:
            yield _Loop(runner, books, path)
        finally:
            runner.run(context.__aexit__(None, None, None))


_texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\\/,; \n\u0301é🍰ßİ\u202eא"),
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")),
    ),
    max_size=12,
)
_names = _texts.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def _drafts(draw: st.DrawFn) -> dict[str, Any]:
    currency = draw(st.sampled_from(["EUR", "USD", "JPY", "KWD", "CLF", "MRU"]))
    minor = draw(st.one_of(st.integers(-MAX_MINOR_UNITS, MAX_MINOR_UNITS), st.integers(-1000, 1000)))
    days = (date.max - date(1000, 1, 1)).days
    assert currency in EXPONENTS
    return {
        "date": date(1000, 1, 1) + timedelta(days=draw(st.integers(0, days))),
        "amount": major_units(minor, currency),
        "currency": currency,
        "merchant": draw(_texts).replace("\n", " "),
        "description": draw(_texts),
        "tags": draw(st.lists(_names, max_size=3)),
        "external_id": draw(st.one_of(st.none(), _names)),
        "category": draw(st.lists(_names, max_size=3)),
    }


async def _fill(books: Books, ledger: int, drafts: list[dict[str, Any]], budget: str) -> None:
    """Write what can be written; twins of categories and external ids are refused by the ledger."""
    for given_ in drafts:
        draft = dict(given_)
        parent: int | None = None
        for name in draft.pop("category"):
            try:
                write = create_category(ENVELOPE, name, parent)
                parent = (await books.database.write(ledger, write)).entity.id
            except Refused:
                break
        try:
            await books.database.write(ledger, single(ENVELOPE, Create(Draft(category_id=parent, **draft))))
        except Refused as refusal:
            assert {problem.code.name for problem in refusal.problems} <= {"ALREADY_EXISTS"}  # noqa: PT017
    values: dict[str, Any] = {"month": "2026-02", "amount": budget, "currency": "EUR", "category_id": None}
    await books.database.write(ledger, set_budget(ENVELOPE, **values))
    await books.database.write(ledger, create_tag(ENVELOPE, "a tag of nothing that no other is"))


@settings(max_examples=25, deadline=None)
@given(drafts=st.lists(_drafts(), max_size=8), budget=st.sampled_from(["0.00", "12.50"]))
def test_whatever_a_ledger_holds_comes_back_equal(loop: _Loop, drafts: list[dict[str, Any]], budget: str) -> None:
    async def example() -> None:
        books = loop.books
        one, other, third = [await books.new_ledger() for _ in range(3)]
        await _fill(books, one, drafts, budget)
        exported = await books.jsonl(one)
        path = written(loop.folder, exported, "ledger.jsonl")
        report = await books.take(path, ledger=other)
        assert report.added == len(await books.transactions(one))
        assert content(await books.jsonl(other)) == content(exported)

        text = await books.csv(one)
        table = written(loop.folder, text, "ledger.csv")
        await books.take(table, ledger=third)
        assert await books.csv(third) == text

        for file in (path, table):
            for ledger in (one, other, third):
                again = await books.take(file, ledger=ledger)
                assert (again.added, again.changed) == (0, 0)

    loop.runner.run(example())
