"""A CSV file as records with the lines that they begin on, whatever its encoding, delimiter and line ends."""

from __future__ import annotations

import codecs
import csv
import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from graphql_api.ledgers.errors import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DELIMITERS = ",;\t|"
"""Those that are looked for when none is named."""

LONGEST_CELL = 8 * 2**20
"""Characters; a quote that is never closed would otherwise take the rest of a huge file into memory."""

_SAMPLE_LINES = 20


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a row, and the first of the file's lines that it stands on; or what is wrong with it."""

    line: int
    cells: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file whose header is known."""

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @classmethod
    def open(cls, path: Path, *, encoding: str | None, delimiter: str | None) -> CsvFile:
        """Read the header. Refuses files that cannot be read, and those without a header or with one name twice."""
        encoding = encoding or _encoding(path)
        with _decoding(path, encoding), _opened(path) as raw:
            text = io.TextIOWrapper(raw, encoding=encoding, newline="")
            sample = [line for _, line in zip(range(_SAMPLE_LINES), text, strict=False)]
        delimiter = delimiter or _delimiter(sample)
        file = cls(path, encoding, delimiter, ())
        first = next(file.records(), None)
        if first is None or not any(first.cells):
            raise Refused.because(Code.REQUIRED, f"{path.name} is empty: its first row must name the columns.", "file")
        if first.error:
            raise Refused.because(Code.INVALID, f"{path.name}, line {first.line}: {first.error}", "file")
        return cls(path, encoding, delimiter, tuple(name.strip() for name in first.cells))

    def records(self, progress: Callable[[int], None] | None = None) -> Iterator[Record]:
        """All rows but blank ones; the first is the header until that is known. Tells the bytes read so far."""
        with _decoding(self.path, self.encoding), _opened(self.path) as raw:
            csv.field_size_limit(LONGEST_CELL)
            text = io.TextIOWrapper(raw, encoding=self.encoding, newline="")
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            header_seen = not self.header
            while True:
                line = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Record(line, error=_told(error, line, reader.line_num))
                    continue
                if progress is not None:
                    progress(raw.tell())
                if not header_seen:
                    header_seen = True
                elif cells:
                    yield Record(line, tuple(cells))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as raw:
            yield raw
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}."
        raise Refused.because(Code.NOT_FOUND, message, "file") from error


@contextmanager
def _decoding(path: Path, encoding: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        where = _undecodable(path, encoding)
        message = f"{path.name} is not {encoding}{where}: give its encoding, such as --encoding cp1252."
        raise Refused.because(Code.INVALID, message, "encoding") from error


def _encoding(path: Path) -> str:
    with _opened(path) as raw:
        start = raw.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _delimiter(sample: list[str]) -> str:
    """The one that parts the header, and the lines after it most alike; a comma if none does."""
    best, most = ",", (0, 1)
    for candidate in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=candidate) if row]
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            score = (sum(width == widths[0] for width in widths), widths[0])
            if score > most:
                best, most = candidate, score
    return best


def _undecodable(path: Path, encoding: str) -> str:
    """The first line that breaks the encoding, where lines can be told without decoding."""
    if not encoding.startswith("utf-8"):
        return ""
    with _opened(path) as raw:
        for number, line in enumerate(raw, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return f" (line {number} has the byte 0x{line[error.start]:02X})"
    return ""


def _told(error: csv.Error, line: int, last: int) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return f"A quoted value is never closed; it goes on to the end of the file, line {last}."
    if "field larger" in text:
        return f"A value is longer than {LONGEST_CELL:,} characters: a quote may be missing."
    if "expected after" in text:
        until = f", on line {last}" if last != line else ""
        return f"Something stands between a closing quote and the delimiter{until}; a quote within is doubled."
    return f"The row cannot be read: {text}."
