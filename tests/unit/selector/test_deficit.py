"""Base images: DEF-1 to DEF-5, SEL-12, CFG-3."""

from __future__ import annotations

import pytest
from unit.selector.build import choose, chosen_parent, parent, run, step

from selector.domain.choice import BaseGeneration
from selector.domain.work import NoWork, Obstacle


def test_def_1_too_few_finals_and_nobody_eligible_make_a_base_image() -> None:
    choice = choose(run(live_finals=2, t=3))
    assert isinstance(choice, BaseGeneration)
    assert choice.step.order == 1


def test_def_1_exactly_t_is_no_deficit() -> None:
    assert choose(run(live_finals=3, t=3)) == NoWork(Obstacle.TARGET_REACHED)


@pytest.mark.parametrize(("finals", "open_live", "base"), [(0, 2, True), (0, 3, False), (2, 0, True), (2, 1, False)])
def test_def_3_every_open_job_with_a_live_parent_or_none_promises_a_final(
    finals: int, open_live: int, base: bool
) -> None:
    choice = choose(run(live_finals=finals, open_jobs=open_live, open_live_jobs=open_live, t=3))
    assert isinstance(choice, BaseGeneration) if base else choice == NoWork(Obstacle.TARGET_PROMISED)


def test_def_3_jobs_below_a_dead_parent_promise_nothing() -> None:
    assert isinstance(choose(run(open_jobs=5, open_live_jobs=2, t=3)), BaseGeneration)


def test_def_4_with_one_step_the_base_image_is_the_final_one() -> None:
    assert isinstance(choose(run(steps=[step(1)], live_finals=2, t=3)), BaseGeneration)
    assert choose(run(steps=[step(1)], live_finals=3, t=3)) == NoWork(Obstacle.TARGET_REACHED)


def test_def_5_no_steps_and_no_runs_are_no_work() -> None:
    assert choose(run(steps=[])) == NoWork(Obstacle.NO_STEPS)
    assert choose() == NoWork(Obstacle.NO_ACTIVE_RUN)


def test_t_0_switches_deficit_mode_off_but_not_child_work() -> None:
    assert choose(run(t=0)) == NoWork(Obstacle.TARGET_REACHED)
    assert chosen_parent(run(parent("a1"), t=0)) == "a1"


def test_sel_12_an_eligible_parent_comes_before_any_base_image() -> None:
    assert chosen_parent(run(parent("a1"), live_finals=0, t=100)) == "a1"


def test_sel_12_the_target_never_stops_child_work() -> None:
    assert chosen_parent(run(parent("a1"), live_finals=50, t=3)) == "a1"


def test_no_base_image_while_a_step_on_the_way_is_paused() -> None:
    """It could not become a final, so the deficit would ask for base images without end."""
    stuck = run(parent("b1", 2), steps=[step(1), step(2), step(3, paused=True)])
    assert choose(stuck) == NoWork(Obstacle.STEP_PAUSED)
    assert choose(run(steps=[step(1, paused=True), step(2)])) == NoWork(Obstacle.STEP_PAUSED)
