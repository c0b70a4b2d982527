"""What every rating system is to the fold."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Protocol

INITIAL: Final = 1000
"""Points of a candidate nobody has voted on, in every system (MOD-4)."""

POINTS_PER_LOGIT: Final = 400 / math.log(10)
"""400 points of lead are odds of ten to one, in every system: so ratings stay comparable tickets of the raffle."""

LEFT_WON: Final = 1.0
TIED: Final = 0.5
RIGHT_WON: Final = 0.0


Result = tuple[int, int, float]
"""A vote as ratings see it: left, right, and LEFT_WON, TIED or RIGHT_WON."""


class Standings(Protocol):
    """One column under one system. Candidates appear by their index within the column."""

    def rate(self, votes: Iterable[Result]) -> Iterable[int]:
        """The next votes in log order. Returns every candidate whose points may have changed."""
        ...

    def points(self, index: int) -> int:
        """The rating shown, and the tickets in the raffle."""
        ...

    def figures(self, index: int) -> dict[str, float]:
        """What the system itself believes, by its own names, unrounded."""
        ...


class RatingSystem(Protocol):
    """A named system with fixed settings. Equal votes give equal standings, to the last bit."""

    def begin(self) -> Standings:
        """A column without votes."""
        ...


def whole_points(exact: float) -> int:
    """The nearest whole number, halves away from zero (ELO-2)."""
    return math.floor(exact + 0.5) if exact >= 0 else math.ceil(exact - 0.5)
