"""Which open jobs are cancelled: KILL-6, RUN-5, RUN-8, FAIL-5."""

from __future__ import annotations

from typing import Any

import pytest

from carnival.contracts.ids import JobId, RunId
from carnival.contracts.job import CancelReason
from selector.domain.cancellation import OpenJob, cancellation, cancellation_id
from selector.domain.frontier import RunStatus


def job(**facts: Any) -> OpenJob:
    defaults: dict[str, Any] = {
        "job_id": JobId("j1"),
        "run_id": RunId("r1"),
        "pool": "default",
        "submitted": False,
        "parent_live": True,
        "run_status": RunStatus.RUNNING,
        "run_paused": False,
        "step_paused": False,
    }
    return OpenJob(**defaults | facts)


def reason(**facts: Any) -> CancelReason | None:
    event = cancellation(job(**facts))
    return event.reason if event else None


def test_a_wanted_job_stays() -> None:
    assert reason() is None
    assert reason(submitted=True) is None


@pytest.mark.parametrize("submitted", [False, True])
@pytest.mark.parametrize("paused", [False, True])
def test_kill_6_below_a_rejected_branch_a_job_is_stopped_wherever_it_is(submitted: bool, paused: bool) -> None:
    assert reason(parent_live=False, submitted=submitted, run_paused=paused) is CancelReason.BRANCH_REJECTED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"run_paused": True}, CancelReason.RUN_PAUSED),
        ({"run_status": RunStatus.COMPLETED}, CancelReason.RUN_COMPLETED),
        ({"step_paused": True}, CancelReason.STEP_PAUSED),
    ],
)
def test_run_5_run_8_what_waits_is_given_back_and_what_renders_may_finish(
    facts: dict[str, Any], expected: CancelReason
) -> None:
    assert reason(**facts) is expected
    assert reason(**facts, submitted=True) is None


def test_a_cancellation_is_one_event_per_job_and_reason() -> None:
    """One for a pause may be void; that must not swallow a later one for a kill."""
    killed, paused = cancellation(job(parent_live=False)), cancellation(job(run_paused=True))
    assert killed is not None
    assert paused is not None
    assert cancellation_id(killed) != cancellation_id(paused)
    assert cancellation_id(killed) == cancellation_id(killed.model_copy())
