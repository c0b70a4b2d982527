"""The raffle: RAF-1 to RAF-5."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.selector.build import drawing, parent

from carnival.contracts.run import Raffle, RaffleWeights
from selector.domain.frontier import ParentCandidate
from selector.domain.raffle import TICKETS_OF_THE_BEST, hold_raffle, tickets


def rated(*ratings: int) -> list[ParentCandidate]:
    return [parent(f"c{number}", rating=rating) for number, rating in enumerate(ratings)]


def distribution(competitors: list[ParentCandidate]) -> Counter[str]:
    """How many of all possible draws each competitor wins."""
    asked: list[int] = []

    def note(total: int) -> int:
        asked.append(total)
        return 0

    hold_raffle(competitors, note)
    results = (hold_raffle(competitors, drawing(number)) for number in range(asked[0]))
    return Counter(result.winner.candidate_id for result in results)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6).filter(any))
def test_raf_1_the_chance_is_the_share_of_the_ratings(ratings: list[int]) -> None:
    expected = {f"c{number}": rating for number, rating in enumerate(ratings) if rating}
    assert distribution(rated(*ratings)) == expected


def test_raf_2_a_single_competitor_wins() -> None:
    assert distribution(rated(7)) == {"c0": 7}


def test_raf_3_without_tickets_all_are_equally_likely() -> None:
    assert distribution(rated(0, 0, 0)) == {"c0": 1, "c1": 1, "c2": 1}


def test_raf_3_zero_beside_positive_has_no_chance() -> None:
    assert distribution(rated(0, 2, 0)) == {"c1": 2}


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6))
def test_raf_4_negative_ratings_are_zero_tickets(ratings: list[int]) -> None:
    assert distribution(rated(*ratings)) == distribution(rated(*(max(0, rating) for rating in ratings)))


@pytest.mark.parametrize(("drawn", "winner"), [(0, "c0"), (2, "c0"), (3, "c1"), (4, "c1"), (5, "c2"), (9, "c2")])
def test_raf_5_the_first_whose_running_sum_exceeds_the_draw(drawn: int, winner: str) -> None:
    result = hold_raffle(rated(3, 2, 5), drawing(drawn))
    assert (result.winner.candidate_id, result.drawn, result.tickets_total) == (winner, drawn, 10)


def test_a_draw_beyond_the_tickets_is_refused() -> None:
    with pytest.raises(ValueError, match="10 was drawn from 10"):
        hold_raffle(rated(3, 2, 5), drawing(10))


@given(st.lists(st.integers(-500, 3000), min_size=1, max_size=6), st.floats(1, 10_000))
def test_boltzmann_tickets_fall_e_fold_with_each_temperature_of_rating_points(ratings: list[int], heat: float) -> None:
    found = tickets(rated(*ratings), Raffle(weights=RaffleWeights.BOLTZMANN, temperature=heat))
    for rating, own in zip(ratings, found, strict=True):
        assert own == pytest.approx(TICKETS_OF_THE_BEST * math.exp((rating - max(ratings)) / heat), abs=0.5)


def test_a_cold_raffle_is_won_by_the_best_and_a_hot_one_by_anybody() -> None:
    cold, hot = (Raffle(weights=RaffleWeights.BOLTZMANN, temperature=heat) for heat in (1, 10_000))
    assert tickets(rated(1000, 1050), cold) == [0, TICKETS_OF_THE_BEST]
    assert tickets(rated(1000, 1050), hot) == [995_012, TICKETS_OF_THE_BEST]
