"""Which kind of file it is, and so how it is read."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from graphql_api.ledgers.errors import Code, Refused
from graphql_api.transfers.csv_rows import CsvSource
from graphql_api.transfers.detect import notes
from graphql_api.transfers.jsonl import JsonlSource
from graphql_api.transfers.ofx import OfxSource

if TYPE_CHECKING:
    from pathlib import Path

    from graphql_api.transfers.mapping import Mapping

_START = 1024


class Format(Enum):
    """The kinds of file that are read."""

    CSV = "csv"
    JSONL = "jsonl"
    OFX = "ofx"


AnySource = CsvSource | JsonlSource | OfxSource


def open_source(path: Path, mapping: Mapping, format_: Format | None = None) -> tuple[AnySource, list[str]]:
    """The file as rows, and what a caller may want to know of how it was understood."""
    match format_ or guess(path):
        case Format.CSV:
            source = CsvSource.open(path, mapping)
            return source, ([] if source.mapping.guarded else notes(source.mapping, source.file.header))
        case Format.JSONL:
            return JsonlSource.open(path), []
        case Format.OFX:
            return OfxSource.open(path, keep_sign=bool(mapping.negate)), []


def guess(path: Path) -> Format:
    """The format by how the file begins. Refused when it cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}."
        raise Refused.because(Code.NOT_FOUND, message, "file") from error
    text = start.decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip().upper()
    if text.startswith(("OFXHEADER", "<OFX", "<?OFX", "<?XML")):
        return Format.OFX
    return Format.JSONL if text.startswith("{") else Format.CSV
