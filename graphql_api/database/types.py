"""Column types that mean the same on SQLite, MySQL and MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


def _collation(dialect: Dialect) -> str:
    # binary and without padding, so that equality, order and uniqueness are SQLite's and Python's own
    return "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"


class Characters(TypeDecorator[str]):
    """Unicode text of at most `length` characters, compared by code point."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        """Take the most characters that fit."""
        self.length = length
        super().__init__(length)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        if dialect.name in ("mysql", "mariadb"):
            variant = mysql.VARCHAR(self.length, charset="utf8mb4", collation=_collation(dialect))
            return dialect.type_descriptor(variant)
        return dialect.type_descriptor(String(self.length))


class Document(TypeDecorator[str]):
    """Unicode text without a bound of its own, compared by code point."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.MEDIUMTEXT(charset="utf8mb4", collation=_collation(dialect)))
        return dialect.type_descriptor(Text())


class IdList(TypeDecorator[tuple[int, ...]]):
    """A few ids in one column, |3|17|, so that one of them is found by LIKE '%|17|%'."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The engine's own type."""
        return dialect.type_descriptor(Characters(1000))

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  SQLAlchemy's signature
        """The text of the ids."""
        if value is None or isinstance(value, str):  # a LIKE pattern passes as it is
            return value
        return f"|{'|'.join(map(str, value))}|" if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...]:  # noqa: ARG002  as above
        """The ids in the text."""
        return tuple(map(int, value.strip("|").split("|"))) if value else ()


Id = BigInteger().with_variant(Integer, "sqlite")
"""An id, a version, an instant or an amount: a signed 64-bit integer."""
