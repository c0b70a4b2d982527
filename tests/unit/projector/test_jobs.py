"""The life of a job, its slot, and whose failure count it touches."""

from __future__ import annotations

import pytest
from unit.projector.story import Story, started

from carnival.contracts.candidate import CandidateRejected, CandidateRestored
from carnival.contracts.job import CancelReason, FailureClass, FailureCode
from carnival.contracts.run import RunCompleted
from carnival.contracts.verdict import VoidReason
from carnival.testing import examples
from carnival.testing.examples import RUN
from projector.domain.rows import JobState


def state(story: Story, number: int = 1) -> JobState:
    return story.run.jobs[examples.job_requested(number).job_id].state


def test_a_job_takes_a_slot_of_its_parent_until_its_image_takes_it_over() -> None:
    story = started()
    parent = story.base(1)
    story.given(examples.job_requested(2, parent, step_order=2))
    assert (story.candidate(parent).open_jobs, story.candidate(parent).live_children) == (1, 0)
    assert (story.run.open_jobs, story.run.open_live_jobs, story.column(2).open_jobs) == (1, 1, 1)
    story.given(examples.job_submitted(2))
    assert state(story, 2) is JobState.SUBMITTED
    story.given(examples.image_produced(2, parent, step_order=2))
    assert (story.candidate(parent).open_jobs, story.candidate(parent).live_children) == (0, 1)
    assert (story.run.open_jobs, story.run.open_live_jobs, story.column(2).open_jobs) == (0, 0, 0)
    assert state(story, 2) is JobState.COMPLETED


def test_a_job_is_requested_once_and_its_number_is_new() -> None:
    story = started().given(examples.job_requested(1))
    assert story.when(examples.job_requested(1)) is VoidReason.JOB_EXISTS
    assert story.when(examples.job_requested(1, job_id="other")) is VoidReason.JOB_EXISTS
    assert story.when(examples.job_requested(2, job_id="j1")) is VoidReason.JOB_EXISTS


def test_a_child_belongs_to_the_step_behind_its_parents_and_a_base_to_the_first() -> None:
    story = started()
    parent = story.base(1)
    assert story.when(examples.job_requested(2, parent, step_order=3)) is VoidReason.OTHER_STEP
    assert story.when(examples.job_requested(2, parent, step_order=1)) is VoidReason.OTHER_STEP
    assert story.when(examples.job_requested(2, step_order=2)) is VoidReason.OTHER_STEP
    assert story.when(examples.job_requested(2, step_order=9)) is VoidReason.UNKNOWN_STEP
    stranger = examples.job_requested(2, examples.candidate_of("j9"), step_order=2)
    assert story.when(stranger) is VoidReason.UNKNOWN_CANDIDATE
    story.given(CandidateRejected(run_id=RUN, candidate_id=parent))
    assert story.when(examples.job_requested(2, parent, step_order=2)) is VoidReason.NOT_LIVE


def test_an_unknown_job_has_no_life() -> None:
    story = started()
    for event in (
        examples.job_submitted(),
        examples.attempt_failed(),
        examples.job_failed(),
        examples.job_cancelled(),
        examples.image_produced(),
    ):
        assert story.when(event) is VoidReason.UNKNOWN_JOB


def test_a_second_submission_counts_only_as_a_later_attempt() -> None:
    story = started().given(examples.job_requested(1), examples.job_submitted(1, attempt=1))
    assert story.when(examples.job_submitted(1, attempt=1)) is VoidReason.NOTHING_CHANGES
    story.given(examples.job_submitted(1, attempt=2, node="n2"))
    assert story.run.jobs[examples.job_requested(1).job_id].node == "n2"


def test_an_attempt_that_failed_costs_its_seconds_once_and_leaves_the_job_open() -> None:
    story = started()
    parent = story.base(1)
    story.given(examples.job_requested(2, parent, step_order=2), examples.job_submitted(2, node="small"))
    spent = story.run.gpu_seconds
    failed = examples.attempt_failed(2, gpu_seconds=4, node="small")
    story.given(failed)
    assert story.when(failed) is VoidReason.NOTHING_CHANGES
    assert (state(story, 2), story.run.gpu_seconds - spent) == (JobState.SUBMITTED, 4)
    assert (story.candidate(parent).failures, story.column(2).consecutive_failures) == (0, 0)
    assert story.when(examples.job_submitted(2, node="small")) is VoidReason.NOTHING_CHANGES
    story.given(examples.job_submitted(2, attempt=2, node="large", prompt_id="again"))
    assert story.run.jobs[examples.job_requested(2).job_id].node == "large"
    story.given(examples.image_produced(2, parent, step_order=2, attempt=2, gpu_seconds=5))
    assert story.run.jobs[examples.job_requested(2).job_id].gpu_seconds == 9
    assert story.when(failed) is VoidReason.JOB_ENDED


@pytest.mark.parametrize("end", ["image", "failure", "cancellation"])
def test_a_job_ends_once(end: str) -> None:
    ends = {
        "image": examples.image_produced(1),
        "failure": examples.job_failed(1),
        "cancellation": examples.job_cancelled(1),
    }
    story = started().given(examples.job_requested(1), ends[end])
    before = (state(story), story.run.open_jobs, story.run.gpu_seconds)
    for again in (examples.job_submitted(1), examples.job_failed(1, gpu_seconds=9), examples.job_cancelled(1)):
        assert story.when(again) is VoidReason.JOB_ENDED
    assert (state(story), story.run.open_jobs, story.run.gpu_seconds) == before


def test_a_job_yields_one_candidate() -> None:
    story = started()
    story.base(1)
    assert story.when(examples.image_produced(1)) is VoidReason.JOB_ENDED
    assert story.when(examples.image_produced(1, candidate_id="another")) is VoidReason.JOB_ENDED
    assert len(story.run.candidates) == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (FailureCode.LOST, JobState.LOST),
        (FailureCode.INTERRUPTED, JobState.CANCELLED),
        (FailureCode.EXECUTION_ERROR, JobState.FAILED),
    ],
)
def test_the_code_of_a_failure_decides_how_the_job_ended(code: FailureCode, expected: JobState) -> None:
    story = started().given(examples.job_requested(1), examples.job_failed(1, code=code, gpu_seconds=1.5))
    assert state(story) is expected
    assert story.run.gpu_seconds == 1.5
    assert story.column(1).consecutive_failures == (0 if code is FailureCode.INTERRUPTED else 1)


def test_jobs_that_one_outage_breaks_together_count_once() -> None:
    """FAIL-5: a failure repeats when a job that was asked for after it fails again."""
    story = started()
    outage = {"code": FailureCode.UNREACHABLE, "failure_class": FailureClass.INFRASTRUCTURE}
    story.given(*(examples.job_requested(number) for number in range(1, 6)))
    story.given(*(examples.job_failed(number, **outage) for number in range(1, 6)))
    assert (story.column(1).consecutive_failures, story.column(1).last_failure_code) == (1, "unreachable")
    story.given(examples.job_requested(6), examples.job_requested(7))
    story.given(examples.job_failed(6, **outage), examples.job_failed(7))
    assert story.column(1).consecutive_failures == 3


@pytest.mark.parametrize("failure_class", list(FailureClass))
def test_only_content_is_charged_to_the_parent(failure_class: FailureClass) -> None:
    story = started()
    parent = story.base(1)
    story.given(examples.job_requested(2, parent, step_order=2), examples.job_failed(2, failure_class=failure_class))
    assert story.candidate(parent).failures == (1 if failure_class is FailureClass.CONTENT else 0)
    assert story.candidate(parent).open_jobs == 0
    assert story.column(2).last_failure_class == failure_class.value


def test_an_image_ends_a_series_of_failures_but_forgives_no_parent() -> None:
    story = started()
    parent = story.base(1)
    story.given(examples.job_requested(2, parent, step_order=2), examples.job_failed(2))
    story.child(3, parent)
    assert (story.column(2).consecutive_failures, story.candidate(parent).failures) == (0, 1)


@pytest.mark.parametrize("reason", [CancelReason.RUN_PAUSED, CancelReason.RUN_COMPLETED, CancelReason.STEP_PAUSED])
def test_a_pause_gives_back_only_what_no_node_has(reason: CancelReason) -> None:
    story = started().given(examples.job_requested(1), examples.job_requested(2), examples.job_submitted(1))
    assert story.when(examples.job_cancelled(1, reason=reason)) is VoidReason.JOB_UNDER_WAY
    story.given(examples.job_cancelled(2, reason=reason))
    assert (state(story, 1), state(story, 2)) == (JobState.SUBMITTED, JobState.CANCELLED)
    assert story.run.open_jobs == 1


def test_a_job_below_a_rejected_branch_is_cancelled_even_at_the_node() -> None:
    story = started()
    parent = story.base(1)
    story.given(
        examples.job_requested(2, parent, step_order=2),
        examples.job_submitted(2),
        CandidateRejected(run_id=RUN, candidate_id=parent),
    )
    assert (story.run.open_jobs, story.run.open_live_jobs) == (1, 0)
    story.given(examples.job_cancelled(2))
    assert (story.run.open_jobs, story.run.open_live_jobs, story.candidate(parent).open_jobs) == (0, 0, 0)


def test_an_image_for_a_parent_rejected_meanwhile_is_dead_from_birth() -> None:
    story = started()
    parent = story.base(1)
    story.given(examples.job_requested(2, parent, step_order=2), CandidateRejected(run_id=RUN, candidate_id=parent))
    story.given(examples.image_produced(2, parent, step_order=2))
    child = story.candidate(examples.candidate_of("j2"))
    assert (child.rejected, child.live) == (False, False)
    assert (story.candidate(parent).live_children, story.column(2).dead, story.column(2).live) == (0, 1, 0)
    story.given(CandidateRestored(run_id=RUN, candidate_id=parent))
    assert child.live
    assert (story.candidate(parent).live_children, story.column(2).dead, story.column(2).live) == (1, 0, 1)


@pytest.mark.parametrize("code", [None, FailureCode.LOST, FailureCode.NODE_TIMEOUT])
def test_a_late_image_is_kept_for_the_record_and_fills_no_slot(code: FailureCode | None) -> None:
    story = started()
    parent = story.base(1)
    end = examples.job_cancelled(2) if code is None else examples.job_failed(2, code=code)
    story.given(examples.job_requested(2, parent, step_order=2), end)
    ended_as = state(story, 2)
    story.given(examples.image_produced(2, parent, step_order=2, gpu_seconds=2.0))
    late = story.candidate(examples.candidate_of("j2"))
    assert (late.rejected, late.live, late.reject_reason) == (True, False, "late")
    assert (story.candidate(parent).live_children, len(story.candidate(parent).offspring)) == (0, 1)
    assert (state(story, 2), story.run.images, story.column(2).rejected) == (ended_as, 2, 1)
    assert story.run.open_jobs == 0
    assert story.when(examples.image_produced(2, parent, step_order=2)) is VoidReason.JOB_ENDED
    story.given(CandidateRestored(run_id=RUN, candidate_id=late.candidate_id))
    assert (late.live, late.reject_reason, story.candidate(parent).live_children) == (True, None, 1)


def test_a_late_base_image_is_rejected_and_one_below_a_rejected_parent_merely_dead() -> None:
    story = started()
    story.given(examples.job_requested(1), examples.job_cancelled(1), examples.image_produced(1))
    assert story.candidate(examples.candidate_of("j1")).reject_reason == "late"
    parent = story.base(2)
    story.given(
        examples.job_requested(3, parent, step_order=2),
        CandidateRejected(run_id=RUN, candidate_id=parent),
        examples.job_cancelled(3),
        examples.image_produced(3, parent, step_order=2),
    )
    child = story.candidate(examples.candidate_of("j3"))
    assert (child.rejected, child.live, child.reject_reason) == (False, False, None)


def test_a_completed_run_keeps_its_open_jobs() -> None:
    story = started().given(examples.job_requested(1), RunCompleted(run_id=RUN))
    assert story.run.open_jobs == 1
    story.given(examples.job_cancelled(1, reason=CancelReason.RUN_COMPLETED))
    assert story.run.open_jobs == 0
