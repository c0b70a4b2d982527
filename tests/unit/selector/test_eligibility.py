"""Who may be a parent: SEL-1 to SEL-6, SEL-8, SEL-9, SEL-13, CNT-3."""

from __future__ import annotations

import pytest
from unit.selector.build import LIMITS, choose, chosen_parent, competitors, parent, run, step

from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.eligibility import may_be_parent
from selector.domain.work import NoWork


def test_sel_1_a_live_candidate_below_n_may_be_parent() -> None:
    assert may_be_parent(run(n=2), parent("a", occupancy=1), LIMITS)


def test_sel_1_a_candidate_at_n_may_not() -> None:
    assert not may_be_parent(run(n=2), parent("a", occupancy=2), LIMITS)


def test_a_restored_branch_may_stand_above_n_and_gets_no_more() -> None:
    assert not may_be_parent(run(n=2), parent("a", occupancy=3), LIMITS)


def test_sel_2_and_4_rejected_and_dead_candidates_are_no_parents() -> None:
    assert not may_be_parent(run(), parent("a", live=False), LIMITS)


def test_sel_3_a_final_is_no_parent_and_blocks_nobody() -> None:
    assert chosen_parent(run(parent("a1", 1), parent("b2", 3, rating=2000))) == "a1"


def test_sel_5_work_under_way_takes_slots() -> None:
    """Occupancy is live children and open jobs together (CNT-3)."""
    assert isinstance(choose(run(parent("a1", occupancy=2), n=2)), BaseGeneration)


@pytest.mark.parametrize(("failures", "possible"), [(0, True), (2, True), (3, False), (4, False)])
def test_sel_6_a_failing_candidate_is_no_parent(failures: int, possible: bool) -> None:
    assert may_be_parent(run(), parent("a", failures=failures), LIMITS) is possible


def test_a_candidate_whose_file_is_gone_is_no_parent() -> None:
    assert not may_be_parent(run(), parent("a", discarded=True), LIMITS)


def test_fail_5_no_children_at_a_paused_step() -> None:
    paused = run(parent("a1", 1), parent("b2", 2), steps=[step(1), step(2), step(3, paused=True)])
    assert chosen_parent(paused) == "a1"


def test_sel_8_a_weak_image_further_right_beats_a_strong_one_further_left() -> None:
    assert chosen_parent(run(parent("a1", 1, rating=2400), parent("b2", 2, rating=100))) == "b2"


def test_sel_8_only_the_highest_column_competes() -> None:
    assert competitors(run(parent("a1", 1), parent("b2", 2), parent("b3", 2))) == {"b2", "b3"}


def test_sel_9_the_job_is_made_at_the_next_higher_order() -> None:
    choice = choose(run(parent("a1", 10), steps=[step(3), step(10), step(25), step(99)]))
    assert isinstance(choice, ChildGeneration)
    assert choice.step.order == 25


def test_sel_13_a_step_cap_replaces_n_for_children_made_there() -> None:
    steps = [step(1), step(2), step(3, child_cap=1)]
    assert competitors(run(parent("a1", 1, occupancy=1), parent("b2", 2, occupancy=1), steps=steps)) == {"a1"}
    wide = [step(1), step(2, child_cap=5), step(3)]
    assert competitors(run(parent("a1", 1, occupancy=4), steps=wide)) == {"a1"}


def test_a_one_step_pipeline_has_no_parents() -> None:
    assert not isinstance(choose(run(parent("a1"), steps=[step(1)], live_finals=3)), ChildGeneration)
    assert isinstance(choose(run(parent("a1"), steps=[step(1)], live_finals=3)), NoWork)
