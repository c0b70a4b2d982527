"""The gated profile: GATE-1 to GATE-8."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from unit.selector.build import choose, competitors, parent, run, step

from carnival.contracts.run import Profile
from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.frontier import ParentCandidate, RunFrontier, StepFrontier
from selector.domain.gated import approved_best
from selector.domain.work import NoWork, Obstacle, WaitingForApproval


def gated(*candidates: ParentCandidate, steps: list[StepFrontier], **facts: Any) -> RunFrontier:
    return run(*candidates, steps=steps, profile=Profile.GATED, **facts)


def test_gate_1_the_first_step_fills_to_n_without_approval() -> None:
    assert isinstance(choose(gated(steps=[step(1), step(2)], n=2)), BaseGeneration)
    assert isinstance(choose(gated(steps=[step(1, live=1), step(2)], n=2)), BaseGeneration)


def test_gate_1_live_and_open_count_together() -> None:
    choice = choose(gated(steps=[step(1, live=1, open_jobs=1), step(2)], n=2))
    assert isinstance(choice, WaitingForApproval)


def test_gate_1_a_base_image_under_way_and_nothing_live_is_waited_for() -> None:
    assert choose(gated(steps=[step(1, open_jobs=2), step(2)], n=2)) == NoWork(Obstacle.FILLED)


def test_gate_2_an_unapproved_column_has_no_parents() -> None:
    choice = choose(gated(parent("a1"), parent("a2"), steps=[step(1, live=2), step(2), step(3)], n=2))
    assert isinstance(choice, WaitingForApproval)
    assert choice.step.order == 1


def test_gate_2_the_final_step_needs_no_approval() -> None:
    steps = [step(1, live=1, approved_k=1), step(2, live=2)]
    assert choose(gated(parent("a1", occupancy=2), steps=steps, n=1, t=0)) == NoWork(Obstacle.FILLED)


def test_gate_2_the_lowest_unapproved_step_is_named() -> None:
    steps = [step(1, live=1, approved_k=1), step(2, live=1), step(3)]
    choice = choose(gated(parent("a1", occupancy=1), steps=steps, n=1))
    assert isinstance(choice, WaitingForApproval)
    assert choice.step.order == 2


def test_gate_3_only_the_k_best_may_be_parents() -> None:
    column = [parent("a1", rating=900), parent("a2", rating=1200), parent("a3", rating=1100)]
    assert competitors(gated(*column, steps=[step(1, live=3, approved_k=2), step(2)], n=3)) == {"a2", "a3"}


def test_gate_3_a_discarded_image_keeps_its_place_among_the_k_and_is_no_parent() -> None:
    column = [parent("a1", rating=900), parent("a2", rating=1200, discarded=True), parent("a3", rating=1100)]
    assert competitors(gated(*column, steps=[step(1, live=3, approved_k=2), step(2)], n=3)) == {"a3"}


def test_gate_3_the_list_follows_votes_and_kills() -> None:
    steps = [step(1, live=3, approved_k=1), step(2)]
    before = gated(parent("a1", rating=1100), parent("a2", rating=1000), steps=steps, n=3)
    voted = gated(parent("a1", rating=1000), parent("a2", rating=1100), steps=steps, n=3)
    killed = gated(parent("a1", rating=1100, live=False), parent("a2", rating=1000), steps=steps, n=3)
    assert [competitors(each) for each in (before, voted, killed)] == [{"a1"}, {"a2"}, {"a2"}]


def test_gate_3_a_full_one_among_the_best_is_not_replaced_by_the_next() -> None:
    column = [parent("a1", rating=1200, occupancy=2), parent("a2", rating=1100)]
    choice = choose(gated(*column, steps=[step(1, live=2, approved_k=1), step(2)], n=2))
    assert choice == NoWork(Obstacle.FILLED)


def test_gate_4_of_equals_the_older_ranks_first() -> None:
    column = [parent("a9"), parent("a4"), parent("a6")]
    best = approved_best(gated(*column, steps=[step(1, approved_k=2), step(2)]), step(1, approved_k=2))
    assert [candidate.candidate_id for candidate in best] == ["a4", "a6"]


def test_gate_5_the_lowest_unfilled_step_is_served() -> None:
    column = [parent("a1"), parent("b2", 2, rating=2000)]
    steps = [step(1, live=2, approved_k=1), step(2, live=1, approved_k=1), step(3)]
    assert competitors(gated(*column, steps=steps, n=2)) == {"a1"}


def test_gate_5_a_killed_base_image_is_made_anew_first() -> None:
    steps = [step(1, live=1, approved_k=1), step(2)]
    assert isinstance(choose(gated(parent("a1"), steps=steps, n=2)), BaseGeneration)


def test_gate_6_no_deficit_mode() -> None:
    steps = [step(1, live=1, approved_k=1), step(2, live=1)]
    assert isinstance(choose(gated(parent("a1", occupancy=1), steps=steps, n=1, t=100)), NoWork)


def test_gate_7_a_waiting_run_never_holds_up_others() -> None:
    waiting = gated(steps=[step(1, live=2), step(2)], n=2)
    other = run(parent("x1"), run_id="r2", created_position=9)
    assert isinstance(choose(waiting, other, last_served=9), ChildGeneration)


def test_gate_8_k_above_the_number_of_images_means_all() -> None:
    column = [parent("a1"), parent("a2")]
    assert competitors(gated(*column, steps=[step(1, live=2, approved_k=99), step(2)], n=2)) == {"a1", "a2"}


def test_a_paused_step_lets_lower_steps_go_on() -> None:
    steps = [step(1, live=1, approved_k=1), step(2, live=1, approved_k=1), step(3, paused=True)]
    assert competitors(gated(parent("a1"), parent("b2", 2), steps=steps, n=1)) == {"a1"}
    full = gated(parent("a1", occupancy=1), parent("b2", 2), steps=steps, n=1)
    assert choose(full) == NoWork(Obstacle.STEP_PAUSED)


@given(
    ratings=st.lists(st.integers(0, 2000), min_size=1, max_size=8),
    k=st.integers(1, 8),
    more=st.integers(0, 8),
)
def test_more_approved_never_means_fewer_parents(ratings: list[int], k: int, more: int) -> None:
    column = [parent(f"a{number}", rating=rating) for number, rating in enumerate(ratings)]

    def best(approved: int) -> set[str]:
        approved_step = step(1, approved_k=approved)
        found = approved_best(gated(*column, steps=[approved_step, step(2)]), approved_step)
        return {candidate.candidate_id for candidate in found}

    assert best(k) <= best(k + more)
    assert len(best(k)) == min(k, len(ratings))
