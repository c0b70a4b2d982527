"""Open jobs that nobody wants any more (KILL-6, RUN-5, RUN-8, FAIL-5)."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.ids import JobId, RunId, derived_id
from carnival.contracts.job import CancelReason, JobCancelled
from selector.domain.frontier import RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJob:
    """A pending or submitted job and what stands around it. `parent_live` is true for a base job."""

    job_id: JobId
    run_id: RunId
    pool: str
    submitted: bool
    parent_live: bool
    run_status: RunStatus
    run_paused: bool
    step_paused: bool


def cancellation(job: OpenJob) -> JobCancelled | None:
    """The cancellation this job deserves, None if it may go on.

    Below a rejected branch a job is stopped wherever it is (KILL-6). A pause or the end of a run lets the rendering one
    finish and gives back only what no node has yet.
    """
    reason = _reason(job)
    return JobCancelled(run_id=job.run_id, job_id=job.job_id, pool=job.pool, reason=reason) if reason else None


def cancellation_id(event: JobCancelled) -> str:
    """Event id: one cancellation per job and reason, as one reason may be void where another is not."""
    return derived_id(event.wire_name, event.job_id, event.reason)


def _reason(job: OpenJob) -> CancelReason | None:
    if not job.parent_live:
        return CancelReason.BRANCH_REJECTED
    if job.submitted:
        return None
    if job.run_status not in {RunStatus.PENDING, RunStatus.RUNNING}:
        return CancelReason.RUN_COMPLETED
    if job.run_paused:
        return CancelReason.RUN_PAUSED
    return CancelReason.STEP_PAUSED if job.step_paused else None
