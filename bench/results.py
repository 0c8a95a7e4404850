"""Results: figures with their goals, where and how they were measured, kept as one JSON file a day and name."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.contest import Contest, Spread
from bench.machine import Machine
from bench.size import Size

FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a median ratio is to be.

    Attributes:
        bound: the ratio.
        at_least: whether it is a floor; else a ceiling.
    """

    bound: float
    at_least: bool

    def met_by(self, value: float) -> bool:
        """Tell whether a value meets the goal."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table: a contender against another, or a measure by itself.

    Attributes:
        title: what was measured.
        unit: the unit of `ours` and `theirs`.
        ours: the contender's own values.
        theirs: the values that it is compared with; None for a measure by itself.
        ratio: ours over theirs, round by round; for a measure by itself the same as `ours`.
        goal: what the ratio is to be; None for information.
        rounds: how many values each spread is of.
    """

    title: str
    unit: str
    ours: Spread
    theirs: Spread | None
    ratio: Spread
    goal: Goal | None
    rounds: int

    @property
    def met(self) -> bool | None:
        """Whether the median meets the goal; None when there is none."""
        return None if self.goal is None else self.goal.met_by(self.ratio.median)


def compared(title: str, unit: str, contest: Contest, names: tuple[str, str], goal: Goal | None = None) -> Figure:
    """Return the figure of two contenders of a contest, ours and the one it is compared with."""
    ours, theirs = names
    ratios = contest.ratios(ours, theirs)
    return Figure(title, unit, contest.spread(ours), contest.spread(theirs), Spread.of(ratios), goal, len(ratios))


def alone(title: str, unit: str, values: list[float], goal: Goal | None = None) -> Figure:
    """Return the figure of a measure that is compared with a goal of the same unit."""
    spread = Spread.of(values)
    return Figure(title, unit, spread, None, spread, goal, len(values))


@dataclass(slots=True)
class Result:
    """All that one benchmark came to.

    Attributes:
        name: of the benchmark.
        size: how large and how long it was.
        figures: the lines of its table.
        facts: what else was found, a sentence each; also what was not measured and why.
        samples: every value by contest and contender.
    """

    name: str
    machine: Machine
    size: Size
    figures: list[Figure] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    taken: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def keep(self, contest_name: str, contest: Contest) -> None:
        """Keep a contest's values."""
        self.samples[contest_name] = contest.values

    def write(self, folder: Path) -> Path:
        """Write the file <date>-<name>.json and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.taken[:10]}-{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")
        return path


def read(path: Path) -> Result:
    """Return the result that a file holds."""
    stored = json.loads(path.read_text())
    figures = [
        Figure(
            title=figure["title"],
            unit=figure["unit"],
            ours=Spread(**figure["ours"]),
            theirs=Spread(**figure["theirs"]) if figure["theirs"] else None,
            ratio=Spread(**figure["ratio"]),
            goal=Goal(**figure["goal"]) if figure["goal"] else None,
            rounds=figure["rounds"],
        )
        for figure in stored["figures"]
    ]
    machine, size = Machine(**stored["machine"]), Size(**stored["size"])
    return Result(**{**stored, "machine": machine, "size": size, "figures": figures})


def latest(name: str, folder: Path = FOLDER) -> Result | None:
    """Return the newest result of a benchmark."""
    paths = sorted(folder.glob(f"????-??-??-{name}.json"))
    return read(paths[-1]) if paths else None
