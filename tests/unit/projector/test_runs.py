"""Runs and pipelines: start, settings, pauses, approvals, end, winner."""

from __future__ import annotations

import gc

import pytest
from unit.projector.story import Story, started

from carnival.contracts.envelope import Event
from carnival.contracts.job import FailureClass
from carnival.contracts.run import (
    Ceilings,
    Profile,
    RunChanged,
    RunCompleted,
    RunPaused,
    RunResumed,
    StepApproved,
    StepPaused,
    StepResumed,
    WinnerChosen,
    WinnerCleared,
)
from carnival.contracts.verdict import VoidReason
from carnival.testing import examples
from carnival.testing.examples import RUN
from projector.domain.read_model import UnusableEvent
from projector.domain.rows import RunStatus


def test_a_version_of_a_pipeline_is_defined_once() -> None:
    story = Story(examples.pipeline_defined())
    assert story.when(examples.pipeline_defined(name="Another")) is VoidReason.VERSION_EXISTS
    assert story.when(examples.pipeline_defined(version=2)) is None


def test_a_pipeline_whose_step_orders_repeat_is_unusable() -> None:
    with pytest.raises(UnusableEvent):
        Story().when(examples.pipeline_defined(examples.step(1), examples.step(1)))


def test_a_run_needs_a_known_pipeline_version() -> None:
    story = Story(examples.pipeline_defined())
    assert story.when(examples.run_started(pipeline_version=2)) is VoidReason.UNKNOWN_PIPELINE
    assert story.when(examples.run_started()) is None


def test_a_run_starts_once_and_a_second_start_still_moves_its_last_position() -> None:
    story = started(name="First")
    assert story.when(examples.run_started(name="Second")) is VoidReason.RUN_EXISTS
    assert story.run.name == "First"
    assert story.run.last_position == 3


def test_a_run_of_a_pipeline_without_steps_has_no_columns() -> None:
    story = Story(examples.pipeline_defined(steps=()), examples.run_started())
    assert story.run.columns == {}
    assert story.run.first is None


def test_step_orders_may_have_gaps() -> None:
    story = Story(examples.pipeline_defined(examples.step(7), examples.step(3)), examples.run_started())
    first = story.run.first
    assert first is not None
    assert (first.order, first.is_final) == (3, False)
    assert first.following is story.column(7)
    assert story.column(7).is_final


def test_the_first_job_makes_a_pending_run_a_running_one() -> None:
    story = started()
    assert story.run.status is RunStatus.PENDING
    story.given(examples.job_requested(1))
    assert story.run.status is RunStatus.RUNNING
    assert (story.run.last_job_number, story.run.served_position) == (1, 3)


def test_changing_a_run_replaces_what_is_named_only() -> None:
    story = started(n=5, t=10).given(RunChanged(run_id=RUN, n=3, ceilings=Ceilings(images=9)))
    assert (story.run.n, story.run.t, story.run.ceilings) == (3, 10, Ceilings(images=9))
    assert story.when(RunChanged(run_id=RUN, n=3)) is VoidReason.NOTHING_CHANGES
    assert story.when(RunChanged(run_id=RUN)) is VoidReason.NOTHING_CHANGES


def test_pausing_and_resuming_alternate() -> None:
    story = started().given(RunPaused(run_id=RUN, reason="lunch"))
    assert (story.run.paused, story.run.pause_reason) == (True, "lunch")
    assert story.when(RunPaused(run_id=RUN)) is VoidReason.NOTHING_CHANGES
    story.given(RunResumed(run_id=RUN))
    assert (story.run.paused, story.run.pause_reason) == (False, "")
    assert story.when(RunResumed(run_id=RUN)) is VoidReason.NOTHING_CHANGES


@pytest.mark.parametrize(
    "event",
    [
        RunChanged(run_id=RUN, n=2),
        RunPaused(run_id=RUN),
        RunResumed(run_id=RUN),
        RunCompleted(run_id=RUN),
        StepApproved(run_id=RUN, step_order=1, k=1),
        StepPaused(run_id=RUN, step_order=1, reason="graph"),
        examples.job_requested(2),
    ],
    ids=lambda event: type(event).__name__,
)
def test_a_completed_run_no_longer_changes(event: Event) -> None:
    story = started(profile=Profile.GATED).given(RunCompleted(run_id=RUN))
    assert story.when(event) is VoidReason.RUN_COMPLETED
    assert story.run.last_position == 4


def test_jobs_under_way_finish_after_their_run_is_completed() -> None:
    story = started().given(examples.job_requested(1), examples.job_submitted(1), RunCompleted(run_id=RUN))
    assert story.run.open_jobs == 1
    story.given(examples.image_produced(1))
    assert (story.run.open_jobs, story.run.images, story.column(1).live) == (0, 1, 1)


def test_events_of_an_unknown_run_are_void() -> None:
    assert Story().when(RunPaused(run_id=RUN)) is VoidReason.UNKNOWN_RUN


def test_an_approval_is_for_gated_runs_for_inner_steps_and_final() -> None:
    approval = StepApproved(run_id=RUN, step_order=1, k=2)
    assert started().when(approval) is VoidReason.NOT_GATED
    story = started(profile=Profile.GATED)
    assert story.when(StepApproved(run_id=RUN, step_order=3, k=2)) is VoidReason.FINAL_STEP
    assert story.when(StepApproved(run_id=RUN, step_order=9, k=2)) is VoidReason.UNKNOWN_STEP
    story.given(approval)
    assert (story.column(1).approved_k, story.column(1).approved_position) == (2, 5)
    assert story.when(StepApproved(run_id=RUN, step_order=1, k=3)) is VoidReason.ALREADY_APPROVED
    assert story.column(1).approved_k == 2


def test_resuming_a_step_counts_its_failures_anew_and_keeps_the_last_one_to_be_seen() -> None:
    story = started().given(
        examples.job_requested(1),
        examples.job_failed(1, failure_class=FailureClass.GRAPH, message="no such node"),
        StepPaused(run_id=RUN, step_order=1, reason="graph"),
    )
    assert (story.column(1).consecutive_failures, story.column(1).paused) == (1, True)
    assert story.when(StepPaused(run_id=RUN, step_order=1, reason="graph")) is VoidReason.NOTHING_CHANGES
    story.given(StepResumed(run_id=RUN, step_order=1))
    assert (story.column(1).consecutive_failures, story.column(1).paused) == (0, False)
    assert story.column(1).last_failure_message == "no such node"
    assert story.when(StepResumed(run_id=RUN, step_order=1)) is VoidReason.NOTHING_CHANGES
    assert story.when(StepResumed(run_id=RUN, step_order=9)) is VoidReason.UNKNOWN_STEP


def test_the_winners_mark_moves_and_can_be_removed() -> None:
    story = started()
    one, two = story.base(1), story.base(2)
    assert story.when(WinnerCleared(run_id=RUN)) is VoidReason.NO_WINNER
    story.given(WinnerChosen(run_id=RUN, candidate_id=one))
    assert story.when(WinnerChosen(run_id=RUN, candidate_id=one)) is VoidReason.NOTHING_CHANGES
    story.given(WinnerChosen(run_id=RUN, candidate_id=two))
    assert story.run.winner_id == two
    story.given(WinnerCleared(run_id=RUN))
    assert story.run.winner_id is None
    unknown = WinnerChosen(run_id=RUN, candidate_id=examples.candidate_of("j9"))
    assert story.when(unknown) is VoidReason.UNKNOWN_CANDIDATE


def test_a_nul_character_is_replaced_because_rows_cannot_hold_it() -> None:
    story = started(name="a\x00b")
    assert story.run.name == "a\ufffdb"
    assert story.when(RunChanged(run_id=RUN, name="a\x00b")) is VoidReason.NOTHING_CHANGES


def test_a_run_taken_apart_leaves_nothing_to_the_search_for_garbage() -> None:
    story = started()
    story.child(2, story.base(1))
    gc.collect()
    gc.disable()
    try:
        story.run.take_apart()
        del story
        assert gc.collect() == 0
    finally:
        gc.enable()
