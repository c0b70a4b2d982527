from __future__ import annotations

from unit.selector.build import LIMITS, NOON, parent, run, step

from selector.domain.demand import runnable_jobs


def test_every_open_place_below_a_parent_could_be_worked_on_at_once() -> None:
    steps = (step(1), step(2, pool="big"), step(3))
    growing = run(parent("c1"), parent("c2", occupancy=1), steps=steps, t=9)
    assert runnable_jobs(growing, LIMITS, NOON, 64) == {"big": 3, "default": 6}


def test_base_images_are_wanted_up_to_the_target_and_no_more_are_counted_than_asked_for() -> None:
    assert runnable_jobs(run(t=5, live_finals=1, open_live_jobs=1, open_jobs=1), LIMITS, NOON, 64) == {"default": 3}
    assert runnable_jobs(run(t=5000), LIMITS, NOON, 64) == {"default": 64}


def test_a_run_that_is_full_or_paused_wants_nothing() -> None:
    assert runnable_jobs(run(live_finals=3), LIMITS, NOON, 64) == {}
    assert runnable_jobs(run(t=50, paused=True), LIMITS, NOON, 64) == {}
