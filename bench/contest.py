"""A contest: contenders take turns on the same machine, and are compared by what they did in the same round."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Turn = Callable[[], Awaitable[float]]
"""Does one turn's work and returns its measure: a rate or a duration."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Whoever takes part.

    Attributes:
        name: what results call it.
        turn: one turn of its work; called once a round, and once before the first to warm up.
    """

    name: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some values, with the least and the greatest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread of values, of which there is at least one."""
        return cls(statistics.median(values), min(values), max(values))


class Contest:
    """The values of all rounds, by contender. A value is never dropped."""

    def __init__(self) -> None:
        self.values: dict[str, list[float]] = {}

    async def run(self, contenders: Sequence[Contender], *, rounds: int, warm_up: bool = True) -> None:
        """Let all take their turns, in every other round in the opposite order, so that a drift favours none."""
        if warm_up:
            for contender in contenders:
                await contender.turn()
        self.values = {contender.name: [] for contender in contenders}
        for number in range(rounds):
            order = contenders if number % 2 == 0 else contenders[::-1]
            for contender in order:
                self.values[contender.name].append(await contender.turn())

    def spread(self, name: str) -> Spread:
        """Return the spread of a contender's own values."""
        return Spread.of(self.values[name])

    def ratios(self, name: str, against: str) -> list[float]:
        """Return a contender's value over the other's, round by round."""
        return [ours / theirs for ours, theirs in zip(self.values[name], self.values[against], strict=True)]
