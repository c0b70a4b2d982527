"""Elo with whole numbers (ELO-1 to ELO-6; formula: A. Elo, The Rating of Chessplayers, 1978)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from projector.domain.ratings.system import INITIAL, LEFT_WON, RIGHT_WON, TIED, Result, whole_points

K: Final = 32.0
SPREAD: Final = 400

WON: Final = LEFT_WON

__all__ = ["TIED", "WON", "Elo", "change", "expected"]


@dataclass(frozen=True, slots=True)
class Elo:
    """`k` points are at stake in a vote."""

    k: float = K

    def begin(self) -> EloStandings:
        return EloStandings(self.k)


class EloStandings:
    __slots__ = ("_gains", "_points")

    def __init__(self, k: float) -> None:
        self._gains = _gains(k)
        self._points: dict[int, int] = {}

    def rate(self, votes: Iterable[Result]) -> set[int]:
        points, gains, moved = self._points, self._gains, set[int]()
        for left, right, result in votes:
            left_points, right_points = points.get(left, INITIAL), points.get(right, INITIAL)
            gain = gains[result][left_points - right_points]
            points[left], points[right] = left_points + gain, right_points - gain
            moved.add(left)
            moved.add(right)
        return moved

    def points(self, index: int) -> int:
        return self._points.get(index, INITIAL)

    def figures(self, index: int) -> dict[str, float]:
        return {"rating": self.points(index)}


class _Gains(dict[int, int]):
    """By the lead, what a player gains with `result`. Leads beyond some thousand points do not come about."""

    def __init__(self, result: float, k: float) -> None:
        super().__init__()
        self._result = result
        self._k = k

    def __missing__(self, lead: int) -> int:
        gain = self[lead] = change(lead, self._result, self._k)
        return gain


@lru_cache(maxsize=64)
def _gains(k: float) -> Mapping[float, _Gains]:
    """By the result. All columns share them."""
    return {result: _Gains(result, k) for result in (LEFT_WON, TIED, RIGHT_WON)}


def change(lead: int, result: float, k: float = K) -> int:
    """What a player leading by `lead` points gains (or loses) with `result`; the other one gets the opposite.

    Rounded to the nearest whole number, halves away from zero.
    """
    return whole_points(k * (result - expected(lead)))


def expected(lead: float) -> float:
    """The chance of a player leading by `lead` points. Bounded far beyond where it still moves, lest it overflow."""
    return 1.0 / (1.0 + math.pow(10.0, -max(-40_000, min(40_000, lead)) / SPREAD))
