"""Elo whose stake falls with experience: few votes move a new candidate far, many move an old one little.

K = max(k_min, k_start / (1 + votes / halving_votes)), for each of the two by its own votes so far; ratings are real
numbers and only shown rounded. (The falling factor: M. Glickman, A comprehensive guide to chess ratings, 1995.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from projector.domain.ratings.elo import expected
from projector.domain.ratings.system import INITIAL, Result, whole_points


@dataclass(frozen=True, slots=True)
class EloAnnealed:
    k_start: float = 200.0
    k_min: float = 16.0
    halving_votes: float = 3.0

    def begin(self) -> EloAnnealedStandings:
        return EloAnnealedStandings(self)


class EloAnnealedStandings:
    __slots__ = ("_ratings", "_system", "_votes")

    def __init__(self, system: EloAnnealed) -> None:
        self._system = system
        self._ratings: dict[int, float] = {}
        self._votes: dict[int, int] = {}

    def rate(self, votes: Iterable[Result]) -> set[int]:
        ratings, moved = self._ratings, set[int]()
        for left, right, result in votes:
            left_rating, right_rating = ratings.get(left, float(INITIAL)), ratings.get(right, float(INITIAL))
            surprise = result - expected(left_rating - right_rating)
            ratings[left] = left_rating + self._stake(left) * surprise
            ratings[right] = right_rating - self._stake(right) * surprise
            moved.update((left, right))
        return moved

    def points(self, index: int) -> int:
        return whole_points(self._ratings.get(index, float(INITIAL)))

    def figures(self, index: int) -> dict[str, float]:
        return {"rating": self._ratings.get(index, float(INITIAL)), "votes": self._votes.get(index, 0)}

    def _stake(self, index: int) -> float:
        votes, system = self._votes.get(index, 0), self._system
        self._votes[index] = votes + 1
        return max(system.k_min, system.k_start / (1.0 + votes / system.halving_votes))
