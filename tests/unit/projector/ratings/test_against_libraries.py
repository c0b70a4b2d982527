"""Every rating system against an implementation that is not ours, to the precision that one prints."""

from __future__ import annotations

import math
from itertools import islice
from random import Random

import choix
import numpy as np
import pytest
from openskill.models import BradleyTerryFull

from projector.domain.ratings.bradley_terry import BradleyTerry
from projector.domain.ratings.elo import Elo
from projector.domain.ratings.elo_annealed import EloAnnealed
from projector.domain.ratings.system import LEFT_WON, RIGHT_WON, TIED, RatingSystem, Result, Standings
from projector.domain.ratings.weng_lin import WengLin

CANDIDATES = 40
AT_ONCE = 300


def votes(seed: int, count: int = 2000) -> list[Result]:
    """Voters who mostly agree with one hidden order, and sometimes cannot decide."""
    random = Random(seed)
    strength = [random.gauss(0, 1) for _ in range(CANDIDATES)]
    cast: list[Result] = []
    for _ in range(count):
        left, right = random.sample(range(CANDIDATES), 2)
        likes_left = random.random() < 1 / (1 + math.exp(2 * (strength[right] - strength[left])))
        decided = random.random() > 0.1
        cast.append((left, right, TIED if not decided else LEFT_WON if likes_left else RIGHT_WON))
    return cast


def rated(system: RatingSystem, cast: list[Result]) -> Standings:
    """Some votes at a time, as the fold does."""
    standings, waiting = system.begin(), iter(cast)
    while some := list(islice(waiting, AT_ONCE)):
        standings.rate(some)
    return standings


@pytest.mark.parametrize("tau", [0.0, 25 / 300])
def test_weng_lin_is_openskill_s_bradley_terry_full(tau: float) -> None:
    model = BradleyTerryFull(tau=tau)
    ratings = [model.rating() for _ in range(CANDIDATES)]
    for left, right, result in votes(1):
        ranks = {LEFT_WON: [0.0, 1.0], TIED: [0.0, 0.0], RIGHT_WON: [1.0, 0.0]}[result]
        [[ratings[left]], [ratings[right]]] = model.rate([[ratings[left]], [ratings[right]]], ranks=ranks)
    standings = rated(WengLin(tau=tau), votes(1))
    for index, rating in enumerate(ratings):
        assert standings.figures(index) == pytest.approx({"mu": rating.mu, "sigma": rating.sigma}, rel=1e-12)


def test_bradley_terry_is_choix_s_penalised_maximum() -> None:
    """choix has no ties: each win is given twice and each tie as one win for either, under twice the penalty."""
    doubled: list[tuple[int, int]] = []
    for left, right, result in votes(2):
        winners = {LEFT_WON: [left, left], TIED: [left, right], RIGHT_WON: [right, right]}[result]
        doubled += [(winner, right if winner == left else left) for winner in winners]
    spread = 2.0
    expected = choix.opt_pairwise(CANDIDATES, doubled, alpha=2 / (2 * spread**2), method="Newton-CG", tol=1e-12)
    standings = rated(BradleyTerry(spread), votes(2))
    found = [standings.figures(index)["strength"] for index in range(CANDIDATES)]
    assert np.allclose(found, expected, atol=2e-6)


def test_bradley_terry_stays_finite_where_one_wins_everything_and_one_was_never_shown() -> None:
    standings = rated(BradleyTerry(), [(0, 1, LEFT_WON)] * 50)
    assert 1000 < standings.points(0) < 3000
    assert standings.points(0) - 1000 == 1000 - standings.points(1)
    assert standings.points(7) == 1000


def test_bradley_terry_does_not_care_about_the_order_of_votes() -> None:
    cast = votes(3, 500)
    shuffled = Random(4).sample(cast, len(cast))
    one, other = rated(BradleyTerry(), cast), rated(BradleyTerry(), shuffled)
    assert [one.points(index) for index in range(CANDIDATES)] == [other.points(index) for index in range(CANDIDATES)]


@pytest.mark.parametrize("k", [32.0, 24.0, 25.0])
def test_elo_is_the_formula_spelled_out_again(k: float) -> None:
    scores = [1000] * CANDIDATES
    for left, right, result in votes(5):
        exact = k * (result - 1 / (1 + 10 ** ((scores[right] - scores[left]) / 400)))
        change = int(math.copysign(math.floor(abs(exact) + 0.5), exact))
        scores[left] += change
        scores[right] -= change
    standings = rated(Elo(k), votes(5))
    assert [standings.points(index) for index in range(CANDIDATES)] == scores


def test_annealed_elo_is_the_formula_spelled_out_again() -> None:
    scores, seen = [1000.0] * CANDIDATES, [0] * CANDIDATES
    for left, right, result in votes(6):
        expected = 1 / (1 + 10 ** ((scores[right] - scores[left]) / 400))
        stakes = [max(16, 200 / (1 + seen[index] / 3)) for index in (left, right)]
        scores[left] += stakes[0] * (result - expected)
        scores[right] += stakes[1] * (expected - result)
        seen[left] += 1
        seen[right] += 1
    standings = rated(EloAnnealed(), votes(6))
    assert [standings.figures(index)["rating"] for index in range(CANDIDATES)] == pytest.approx(scores, rel=1e-12)


@pytest.mark.parametrize("system", [Elo(), EloAnnealed(), WengLin(), BradleyTerry()])
def test_standings_tell_who_moved(system: RatingSystem) -> None:
    standings = system.begin()
    assert set(standings.rate([])) == set()
    assert set(standings.rate([(0, 1, LEFT_WON), (2, 3, TIED)])) >= {0, 1}
    assert set(standings.rate([(2, 1, RIGHT_WON)])) >= {1, 2}
    assert standings.points(0) > standings.points(9) == 1000
