"""Elo with whole numbers (ELO-1 to ELO-6; formula: A. Elo, The Rating of Chessplayers, 1978)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from projector.domain.ratings.system import INITIAL, LEFT_WON, TIED, whole_points

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
    __slots__ = ("_k", "_moved", "_points")

    def __init__(self, k: float) -> None:
        self._k = k
        self._points: dict[int, int] = {}
        self._moved: set[int] = set()

    def vote(self, left: int, right: int, result: float) -> None:
        points = self._points
        left_points, right_points = points.get(left, INITIAL), points.get(right, INITIAL)
        gain = change(left_points - right_points, result, self._k)
        points[left], points[right] = left_points + gain, right_points - gain
        self._moved.add(left)
        self._moved.add(right)

    def moved(self) -> set[int]:
        moved, self._moved = self._moved, set()
        return moved

    def points(self, index: int) -> int:
        return self._points.get(index, INITIAL)

    def figures(self, index: int) -> dict[str, float]:
        return {"rating": self.points(index)}


@lru_cache(maxsize=8192)
def change(lead: int, result: float, k: float = K) -> int:
    """What a player leading by `lead` points gains (or loses) with `result`; the other one gets the opposite.

    Rounded to the nearest whole number, halves away from zero.
    """
    return whole_points(k * (result - expected(lead)))


def expected(lead: float) -> float:
    """The chance of a player leading by `lead` points. Bounded far beyond where it still moves, lest it overflow."""
    return 1.0 / (1.0 + math.pow(10.0, -max(-40_000, min(40_000, lead)) / SPREAD))
