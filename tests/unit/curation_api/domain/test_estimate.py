"""How long a run still takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from curation_api.domain.estimate import StepOutlook, images_expected, seconds_left

STEP = StepOutlook(pool="a", cap=2, open_jobs=0, free_places=0, mean_gpu_seconds=3.0, paused=False)
PLENTY = {"a": 2, "b": 1}

steps = st.builds(
    StepOutlook,
    pool=st.sampled_from(["a", "b"]),
    cap=st.integers(1, 5),
    open_jobs=st.integers(0, 9),
    free_places=st.integers(0, 9),
    mean_gpu_seconds=st.floats(0.01, 100),
    paused=st.just(False),
)
runs = st.lists(steps, min_size=1, max_size=5)
missing = st.integers(-5, 200)


def left(run: Sequence[StepOutlook], finals_missing: int) -> float | None:
    return seconds_left(run, images_expected(run, finals_missing), PLENTY)


def test_trees_are_counted_from_their_finals() -> None:
    """Five finals of which one is open and one has a place: three of two parents each, one of which is open."""
    run = [STEP, replace(STEP, open_jobs=1), replace(STEP, open_jobs=1, free_places=1)]
    assert images_expected(run, 5) == (1, 2, 5)
    assert left(run, 5) == 8 * 3.0 / 2


def test_the_slowest_pool_counts() -> None:
    run = [STEP, replace(STEP, pool="b", mean_gpu_seconds=1.0)]
    assert left(run, 10) == max(5 * 3.0 / 2, 10 * 1.0)


def test_what_is_not_needed_need_not_be_known() -> None:
    done = [replace(STEP, paused=True, mean_gpu_seconds=None), replace(STEP, free_places=4)]
    assert left(done, 4) == 4 * 3.0 / 2
    assert left(done, 0) == 0.0


@given(runs, missing)
def test_it_is_never_negative(run: list[StepOutlook], finals_missing: int) -> None:
    found = left(run, finals_missing)
    assert found is not None
    assert found >= 0
    assert (found == 0) == (finals_missing <= 0)


@given(runs, st.integers(1, 200), st.integers(0, 4))
def test_nobody_knows_while_a_needed_step_is_paused_or_has_no_images_or_no_server(
    run: list[StepOutlook], finals_missing: int, place: int
) -> None:
    place %= len(run)
    expected = images_expected(run, finals_missing)
    for unknown in (replace(run[place], paused=True), replace(run[place], mean_gpu_seconds=None)):
        changed = [*run[:place], unknown, *run[place + 1 :]]
        assert (seconds_left(changed, expected, PLENTY) is None) == (expected[place] > 0)
    assert seconds_left(run, expected, {}) is None


@given(runs, st.integers(1, 200), st.integers(0, 4))
def test_it_falls_or_stays_as_images_arrive(run: list[StepOutlook], finals_missing: int, place: int) -> None:
    """An image ends an open job of its step, and its own places are free for children."""
    place %= len(run)
    before_run = [*run[:place], replace(run[place], open_jobs=run[place].open_jobs + 1), *run[place + 1 :]]
    after_run = list(run)
    is_final = place == len(run) - 1
    if not is_final:
        following = run[place + 1]
        after_run[place + 1] = replace(following, free_places=following.free_places + following.cap)
    before = images_expected(before_run, finals_missing)
    after = images_expected(after_run, finals_missing - is_final)
    assert after == (*before[:place], max(0, before[place] - 1), *before[place + 1 :])
    time_before, time_after = seconds_left(before_run, before, PLENTY), seconds_left(after_run, after, PLENTY)
    assert time_before is not None
    assert time_after is not None
    assert time_after <= time_before


@given(runs, st.integers(1, 200), st.integers(0, 4))
def test_asking_for_an_image_changes_nothing(run: list[StepOutlook], finals_missing: int, place: int) -> None:
    """A free place becomes an open job."""
    place %= len(run)
    step = run[place]
    asked = replace(step, open_jobs=step.open_jobs + 1)
    run[place] = replace(step, free_places=step.free_places + 1)
    before = images_expected(run, finals_missing)
    run[place] = asked
    assert images_expected(run, finals_missing) == before
