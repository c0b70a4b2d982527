"""A Gaussian belief about every candidate (R. Weng and C.-J. Lin, A Bayesian Approximation Method for Online Ranking,
JMLR 12, 2011, algorithm 1: Bradley-Terry, full pair, two teams of one)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from projector.domain.ratings.system import INITIAL, POINTS_PER_LOGIT, Result, whole_points


@dataclass(frozen=True, slots=True)
class WengLin:
    """Scaling: between two candidates that are known for sure, a lead of sqrt(2) x `beta` is one logit."""

    mu: float = 25.0
    sigma: float = 25.0 / 3.0
    beta: float = 25.0 / 6.0
    tau: float = 25.0 / 300.0
    kappa: float = 0.0001

    def begin(self) -> WengLinStandings:
        return WengLinStandings(self)


class WengLinStandings:
    __slots__ = ("_beliefs", "_start", "_system")

    def __init__(self, system: WengLin) -> None:
        self._system = system
        self._start = (system.mu, system.sigma * system.sigma)
        self._beliefs: dict[int, tuple[float, float]] = {}

    def rate(self, votes: Iterable[Result]) -> set[int]:
        moved = set[int]()
        for left, right, result in votes:
            self._vote(left, right, result)
            moved.update((left, right))
        return moved

    def points(self, index: int) -> int:
        lead = self._beliefs.get(index, self._start)[0] - self._system.mu
        return whole_points(INITIAL + POINTS_PER_LOGIT * lead / (math.sqrt(2.0) * self._system.beta))

    def figures(self, index: int) -> dict[str, float]:
        mu, variance = self._beliefs.get(index, self._start)
        return {"mu": mu, "sigma": math.sqrt(variance)}

    def _vote(self, left: int, right: int, result: float) -> None:
        system, beliefs = self._system, self._beliefs
        left_mu, left_variance = beliefs.get(left, self._start)
        right_mu, right_variance = beliefs.get(right, self._start)
        drift = system.tau * system.tau
        left_variance, right_variance = left_variance + drift, right_variance + drift
        scale = math.sqrt(left_variance + right_variance + 2.0 * system.beta * system.beta)
        chance = _logistic((left_mu - right_mu) / scale)
        surprise = (result - chance) / scale
        beliefs[left] = (left_mu + left_variance * surprise, self._narrowed(left_variance, scale, chance))
        beliefs[right] = (right_mu - right_variance * surprise, self._narrowed(right_variance, scale, chance))

    def _narrowed(self, variance: float, scale: float, chance: float) -> float:
        """A vote tells more the less certain its outcome was."""
        ratio = math.sqrt(variance) / scale
        return variance * max(1.0 - ratio * ratio * ratio * chance * (1.0 - chance), self._system.kappa)


def _logistic(lead: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, lead))))
