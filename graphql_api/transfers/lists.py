"""Several names in one cell, joined by a separator. A backslash before a separator or a backslash takes its meaning."""

from __future__ import annotations


def joined(parts: tuple[str, ...], separator: str) -> str:
    """The parts in one text, from which `parts_of` with `escapes` gets them back whatever they hold."""
    return separator.join(part.replace("\\", "\\\\").replace(separator, f"\\{separator}") for part in parts)


def parts_of(text: str, separator: str, *, escapes: bool) -> tuple[str, ...]:
    """The parts of a text, without outer white space and without empty ones."""
    if not separator:
        found = [text]
    elif escapes:
        found = _unescaped(text, separator)
    else:
        found = text.split(separator)
    return tuple(part.strip() for part in found if part.strip())


def _unescaped(text: str, separator: str) -> list[str]:
    found = [""]
    position = 0
    while position < len(text):
        if text[position] == "\\" and position + 1 < len(text):
            found[-1] += text[position + 1]
            position += 2
        elif text.startswith(separator, position):
            found.append("")
            position += len(separator)
        else:
            found[-1] += text[position]
            position += 1
    return found
