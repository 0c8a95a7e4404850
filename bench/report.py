"""The tables of docs/benchmarks.md, each between two markers, written from the newest result of its benchmark."""

from pathlib import Path

from bench.contest import Spread
from bench.results import FOLDER, Figure, Result, latest

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
WHOLE = 100
"""Numbers from here on are told without decimals."""

HEAD = "| figure | ratio | goal | ours | compared with | unit |\n| --- | --- | --- | --- | --- | --- |"


def table(result: Result) -> str:
    """Return a result as Markdown: the table, what else was found, and where and when."""
    lines = [HEAD, *map(_line, result.figures), ""]
    lines += [f"- {fact}" for fact in result.facts]
    machine = result.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    lines += [
        "",
        f"Measured at {result.taken}, commit {machine.commit}: {result.size.rounds} rounds on {machine.cores} cores of",
        f"{machine.processor}, {machine.memory_gib:g} GiB of memory, Linux {machine.kernel}, files on",
        f"{machine.file_system} ({machine.syncs:,.0f} fdatasync a second), load average {machine.load:.1f} before the",
        f"run; {versions}.",
    ]
    return "\n".join(lines)


def write(page: Path = PAGE, folder: Path = FOLDER) -> None:
    """Replace what stands between the markers of each benchmark that has a result."""
    text = page.read_text()
    for begin in _names(text):
        result = latest(begin, folder)
        if result is not None:
            text = _replaced(text, begin, table(result))
    page.write_text(text)


def _names(text: str) -> list[str]:
    return [line.split()[1] for line in text.splitlines() if line.startswith("<!-- ") and line.endswith(" begins -->")]


def _replaced(text: str, name: str, content: str) -> str:
    begin, end = f"<!-- {name} begins -->", f"<!-- {name} ends -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"docs/benchmarks.md lacks the marker {end}")
    return f"{before}{begin}\n{content}\n{end}{after}"


def _line(figure: Figure) -> str:
    told = ""
    if figure.goal is not None:
        told = f"{figure.goal} {'met' if figure.met else 'missed'}"
    theirs = "" if figure.theirs is None else _spread(figure.theirs)
    ratio = "" if figure.theirs is None else _spread(figure.ratio)
    return f"| {figure.title} | {ratio} | {told} | {_spread(figure.ours)} | {theirs} | {figure.unit} |"


def _spread(spread: Spread) -> str:
    return f"{_number(spread.median)} ({_number(spread.low)} to {_number(spread.high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.2f}"
