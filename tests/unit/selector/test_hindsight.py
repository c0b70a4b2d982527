"""A recorded decision, taken again on a run that was told otherwise."""

from __future__ import annotations

from dataclasses import replace

from unit.selector.build import LIMITS, NOON, choose, drawing, parent, run, step

from carnival.contracts.ids import CandidateId, Position
from carnival.contracts.job import JobRequested
from carnival.contracts.run import Raffle, RaffleWeights, RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.frontier import RunFrontier
from selector.domain.hindsight import NO_PARENT, LeftOut, StillAsked, Wish, reconsidered, with_wishes
from selector.domain.request import job_request

A1, A2 = parent("a1", rating=900), parent("a2", rating=1100)


def recorded(state: RunFrontier, *numbers: int) -> JobRequested:
    draw = drawing(*numbers)
    choice = choose(state, draw=draw)
    assert isinstance(choice, ChildGeneration | BaseGeneration)
    return job_request(choice, RunPolicy.ROUND_ROBIN, Position(77), draw, NOON)


def test_on_its_own_state_it_is_the_same() -> None:
    for state, numbers in ((run(A1, A2), (900, 1)), (run(), (1,))):
        assert reconsidered(state, recorded(state, *numbers), LIMITS) == StillAsked(same=True)


def test_a_parent_that_is_full_or_not_there_leaves_the_job_out() -> None:
    job = recorded(run(A1), 0, 1)
    full = run(replace(A1, occupancy=1), n=1, t=0)
    assert reconsidered(full, job, LIMITS) == LeftOut("target_reached")
    assert reconsidered(run(A2), job, LIMITS) == LeftOut(NO_PARENT)


def test_with_other_ratings_another_one_may_win() -> None:
    job = recorded(run(A1, A2), 1000, 1)
    weighed = run(replace(A1, rating=1500), replace(A2, rating=500))
    assert reconsidered(weighed, job, LIMITS) == StillAsked(drawn_otherwise=True)


def test_with_another_raffle_another_one_may_win() -> None:
    job = recorded(run(A1, A2), 100, 1)
    cold = Raffle(weights=RaffleWeights.BOLTZMANN, temperature=10)
    assert reconsidered(run(A1, A2, raffle=cold), job, LIMITS) == StillAsked(drawn_otherwise=True)


def test_out_of_its_pool_a_run_draws_among_its_own() -> None:
    pooled = recorded(run(A1, A2), 1500, 1)
    decision = pooled.decision.model_copy(update={"policy": RunPolicy.GLOBAL, "draw": 0})
    job = pooled.model_copy(update={"decision": decision})
    assert reconsidered(run(A1, A2), job, LIMITS) == StillAsked(same=True)
    assert reconsidered(run(A1, A2), job, LIMITS, RunPolicy.ROUND_ROBIN) == StillAsked(drawn_otherwise=True)


def test_a_larger_n_asks_for_children_before_the_next_base_image() -> None:
    full = replace(A1, occupancy=2)
    job = recorded(run(full), 1)
    found = reconsidered(run(full, n=3), job, LIMITS)
    assert found == StillAsked(before=(Wish(2, CandidateId("a1")),), same=True)


def test_what_would_be_under_way_takes_its_place_unless_its_parent_died() -> None:
    wishes = [Wish(2, CandidateId("a1")), Wish(2, CandidateId("gone")), Wish(1, None)]
    waiting = with_wishes(run(A1, steps=[step(1), step(2)]), wishes)
    assert [candidate.occupancy for candidate in waiting.candidates] == [1]
    assert [each.open_jobs for each in waiting.steps] == [1, 1]
    assert waiting.open_live_jobs == 2
