"""CSV files as they come: encodings, delimiters, line ends, quotes."""

from pathlib import Path

import pytest

from graphql_api.ledgers.errors import Refused
from graphql_api.transfers.csv_file import CsvFile
from tests.transfers.support import PROCUREMENT, written


def rows(path: Path, encoding: str | None = None, delimiter: str | None = None) -> list[tuple[int, tuple[str, ...]]]:
    file = CsvFile.open(path, encoding=encoding, delimiter=delimiter)
    return [(record.line, record.cells) for record in file.records()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_needs_no_flag(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "date,name\r\n2026-01-01,Café 🍰\r\n".encode(encoding))
    assert CsvFile.open(path, encoding=None, delimiter=None).header == ("date", "name")
    assert rows(path) == [(2, ("2026-01-01", "Café 🍰"))]


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "date,name\n2026-01-01,Café\n".encode("cp1252"))
    assert rows(path, encoding="cp1252") == [(2, ("2026-01-01", "Café"))]


def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    filler = "".join(f"2026-01-01,{number}\n" for number in range(5000))
    path = written(tmp_path, f"date,name\n{filler}2026-01-01,Café\n".encode("cp1252"))
    with pytest.raises(Refused, match=r"line 5002 has the byte 0xE9.*--encoding cp1252"):
        rows(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "".join(
        f"{delimiter.join(cells)}\n" for cells in [("date", "amount", "name"), ("2026-01-01", "1", '"a, b; c"')]
    )
    assert rows(written(tmp_path, text)) == [(2, ("2026-01-01", "1", "a, b; c"))]


def test_a_named_delimiter_is_taken(tmp_path: Path) -> None:
    assert rows(written(tmp_path, "a:b\n1:2\n"), delimiter=":") == [(2, ("1", "2"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_through_quoted_line_ends_and_blank_lines(tmp_path: Path, end: str) -> None:
    text = f'a,b{end}1,"x{end}y{end}z"{end}{end}2,""{end}3,"say ""hi"""{end}'
    found = rows(written(tmp_path, text))
    assert [(line, cells[0]) for line, cells in found] == [(2, "1"), (6, "2"), (7, "3")]
    assert found[0][1][1] == f"x{end}y{end}z"
    assert found[2][1][1] == 'say "hi"'


def test_a_quote_that_is_never_closed_is_told_where_it_opens(tmp_path: Path) -> None:
    file = CsvFile.open(written(tmp_path, 'a,b\n1,2\n3,"x\ny\n'), encoding=None, delimiter=None)
    last = list(file.records())[-1]
    assert last.line == 3
    assert "never closed" in last.error


def test_text_after_a_closing_quote_is_told_and_the_next_row_is_read(tmp_path: Path) -> None:
    file = CsvFile.open(written(tmp_path, 'a,b\n"1"x,2\n3,4\n'), encoding=None, delimiter=None)
    wrong, right = file.records()
    assert (wrong.line, right.cells) == (2, ("3", "4"))
    assert "closing quote" in wrong.error


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Refused, match="empty"):
        rows(written(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        rows(tmp_path / "none.csv")


def test_the_real_file_is_read_whole() -> None:
    found = rows(PROCUREMENT)
    assert len(found) == 3898
    assert found[0][0] == 2
    assert found[-1][0] == 3899
    assert all(len(cells) == 12 for _, cells in found)
