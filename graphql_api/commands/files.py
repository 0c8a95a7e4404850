"""Files that commands write."""

from __future__ import annotations

import gzip
import os
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from graphql_api.ledgers.errors import Code, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path, *, compressed: bool = False) -> Iterator[TextIO]:
    """A file of UTF-8 text that is there whole, and on the disk, or not at all. Refused if it cannot be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        try:
            with partial.open("wb") as raw:
                with ExitStack() as stack:
                    outer = stack.enter_context(gzip.open(raw, "wb", compresslevel=6)) if compressed else raw
                    text = TextIOWrapper(cast("BinaryIO", outer), encoding="utf-8", newline="")
                    yield text
                    text.flush()
                    text.detach()
                raw.flush()
                os.fsync(raw.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}."
        raise Refused.because(Code.INVALID, message, "output") from error
