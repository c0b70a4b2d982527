"""All votes of a column at once: the strengths that make them most likely (R. Bradley and M. Terry, Biometrika 39,
1952), with a Gaussian prior of mean 0, so that a candidate that has won every vote stays finite. A tie is half a win
for each. Fitted anew from nothing whenever it is asked for: the answer does not depend on the order of the votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from projector.domain.ratings.system import INITIAL, POINTS_PER_LOGIT, Result, whole_points

NEWTON_STEPS_MAX: Final = 50
SOLVER_STEPS_MAX: Final = 500
PRECISION: Final = 1e-10
"""Largest slope, in votes, at which the fit counts as found."""

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BradleyTerry:
    """`spread`: standard deviation of the prior, in logits."""

    spread: float = 2.0

    def begin(self) -> BradleyTerryStandings:
        return BradleyTerryStandings(self.spread)


class BradleyTerryStandings:
    __slots__ = ("_places", "_spread", "_strengths", "_wins")

    def __init__(self, spread: float) -> None:
        self._spread = spread
        self._places: dict[int, int] = {}
        self._wins: dict[tuple[int, int], float] = {}
        self._strengths: Numbers = np.zeros(0)

    def rate(self, votes: Iterable[Result]) -> list[int]:
        places, wins = self._places, self._wins
        for left, right, result in votes:
            one = places.setdefault(left, len(places))
            other = places.setdefault(right, len(places))
            wins[one, other] = wins.get((one, other), 0.0) + result
            wins[other, one] = wins.get((other, one), 0.0) + 1.0 - result
        self._fit()
        return list(places)

    def points(self, index: int) -> int:
        return whole_points(INITIAL + POINTS_PER_LOGIT * self._strength(index))

    def figures(self, index: int) -> dict[str, float]:
        return {"strength": self._strength(index)}

    def _strength(self, index: int) -> float:
        place = self._places.get(index)
        return 0.0 if place is None else float(self._strengths[place])

    def _fit(self) -> None:
        pairs = sorted((one, other) for one, other in self._wins if one < other)
        one = np.array([pair[0] for pair in pairs], dtype=np.int64)
        other = np.array([pair[1] for pair in pairs], dtype=np.int64)
        won = np.array([self._wins[pair] for pair in pairs])
        total = won + np.array([self._wins[pair[1], pair[0]] for pair in pairs])
        self._strengths = most_likely(len(self._places), one, other, won, total, self._spread)


def most_likely(count: int, one: Indices, other: Indices, won: Numbers, total: Numbers, spread: float) -> Numbers:
    """Strengths in logits of `count` candidates: `one[i]` won `won[i]` of `total[i]` votes against `other[i]`.

    Newton's method on the penalised likelihood, which has one maximum; a step is halved until it leads upwards.
    """
    precision = 1.0 / (spread * spread)
    strengths = np.zeros(count)
    for _ in range(NEWTON_STEPS_MAX):
        chance = _logistic(strengths[one] - strengths[other])
        slope = _difference(count, one, other, won - total * chance) - precision * strengths
        if np.abs(slope).max(initial=0.0) < PRECISION:
            break
        curvature = total * chance * (1.0 - chance)
        step = _solve(count, one, other, curvature, precision, slope)
        height = _likelihood(strengths, one, other, won, total, precision)
        while np.abs(step).max() > PRECISION * PRECISION:
            if _likelihood(strengths + step, one, other, won, total, precision) >= height:
                break
            step = step / 2.0
        strengths = strengths + step
    return strengths


def _solve(count: int, one: Indices, other: Indices, curvature: Numbers, precision: float, slope: Numbers) -> Numbers:
    """Newton's step by conjugate gradients, scaled by the diagonal: pairs stay a list, never a square matrix."""
    diagonal = precision + np.bincount(one, curvature, count) + np.bincount(other, curvature, count)
    step, rest = np.zeros(count), slope.copy()
    scaled = rest / diagonal
    direction, size = scaled, float(rest @ scaled)
    enough = size * 1e-24
    for _ in range(SOLVER_STEPS_MAX):
        bent = precision * direction + _difference(count, one, other, curvature * (direction[one] - direction[other]))
        length = size / float(direction @ bent)
        step, rest = step + length * direction, rest - length * bent
        scaled = rest / diagonal
        following = float(rest @ scaled)
        if following <= enough:
            break
        direction, size = scaled + (following / size) * direction, following
    return step


def _difference(count: int, one: Indices, other: Indices, amount: Numbers) -> Numbers:
    gained, lost = np.bincount(one, amount, count), np.bincount(other, amount, count)
    return (gained - lost).astype(np.float64)


def _likelihood(
    strengths: Numbers, one: Indices, other: Indices, won: Numbers, total: Numbers, precision: float
) -> float:
    """Logarithm of the penalised likelihood."""
    lead = strengths[one] - strengths[other]
    votes = won * np.logaddexp(0.0, -lead) + (total - won) * np.logaddexp(0.0, lead)
    return -float(votes.sum()) - 0.5 * precision * float(strengths @ strengths)


def _logistic(lead: Numbers) -> Numbers:
    return 1.0 / (1.0 + np.exp(-np.clip(lead, -700.0, 700.0)))
