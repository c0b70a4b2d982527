"""The life of a job: requested, submitted, and exactly one end (MOD-5, JOB)."""

from __future__ import annotations

from datetime import datetime

from carnival.contracts.ids import JobId
from carnival.contracts.job import (
    AttemptFailed,
    CancelReason,
    FailureClass,
    FailureCode,
    ImageProduced,
    JobCancelled,
    JobFailed,
    JobRequested,
    JobSubmitted,
)
from carnival.contracts.verdict import VoidReason
from projector.domain import tree
from projector.domain.read_model import Fact, ReadModel, narrowed
from projector.domain.rows import LATE, Birth, Candidate, Column, Job, JobState, Run, RunStatus
from projector.domain.texts import storable


def request(model: ReadModel, run: Run, event: JobRequested, fact: Fact) -> VoidReason | None:
    """The first job makes a pending run a running one (RUN-1)."""
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    if event.job_id in run.jobs or event.number <= run.last_job_number:
        return VoidReason.JOB_EXISTS
    place = _place(run, event)
    if isinstance(place, VoidReason):
        return place
    column, parent = place
    job = Job(event.job_id, run.run_id, event.number, event.seed, column, parent, requested=narrowed(fact, event))
    run.jobs[job.job_id] = job
    run.status = RunStatus.RUNNING
    run.last_job_number, run.served_position = event.number, fact.position
    model.changes.jobs[job] = None
    tree.open_job(model, run, job)
    return None


def _place(run: Run, event: JobRequested) -> tuple[Column, Candidate | None] | VoidReason:
    """The job's column and parent. A child belongs to the step behind its parent's, a base to the first (MOD-6)."""
    column = run.columns.get(event.step_order)
    if column is None:
        return VoidReason.UNKNOWN_STEP
    if event.parent is None:
        return (column, None) if column is run.first else VoidReason.OTHER_STEP
    parent = run.candidates.get(event.parent.candidate_id)
    if parent is None:
        return VoidReason.UNKNOWN_CANDIDATE
    if parent.column.following is not column:
        return VoidReason.OTHER_STEP
    return (column, parent) if parent.live else VoidReason.NOT_LIVE


def submit(model: ReadModel, run: Run, event: JobSubmitted, fact: Fact) -> VoidReason | None:
    job = _open_job(run, event.job_id)
    if isinstance(job, VoidReason):
        return job
    if event.attempt < job.attempt or (event.attempt, event.prompt_id) == (job.attempt, job.prompt_id):
        return VoidReason.NOTHING_CHANGES
    job.state = JobState.SUBMITTED
    job.gateway, job.node, job.prompt_id, job.attempt = event.gateway, event.node, event.prompt_id, event.attempt
    job.submitted_at = fact.meta.time
    model.changes.jobs[job] = None
    return None


def cancel(model: ReadModel, run: Run, event: JobCancelled, fact: Fact) -> VoidReason | None:
    """Below a rejected branch always (KILL-6); for a pause or an end only while no node has the job (RUN-5, RUN-8)."""
    job = _open_job(run, event.job_id)
    if isinstance(job, VoidReason):
        return job
    if event.reason is not CancelReason.BRANCH_REJECTED and job.state is JobState.SUBMITTED:
        return VoidReason.JOB_UNDER_WAY
    job.cancel_reason = event.reason.value
    _end(model, run, job, JobState.CANCELLED, fact.meta.time)
    return None


def fail_attempt(model: ReadModel, run: Run, event: AttemptFailed) -> VoidReason | None:
    """The job goes on; what the attempt cost is spent. `job.attempt` is the one under way from now on."""
    job = _open_job(run, event.job_id)
    if isinstance(job, VoidReason):
        return job
    if event.attempt < job.attempt:
        return VoidReason.NOTHING_CHANGES
    job.attempt = event.attempt + 1
    _add_gpu_seconds(run, job, event.gpu_seconds)
    model.changes.jobs[job] = None
    return None


def fail(model: ReadModel, run: Run, event: JobFailed, fact: Fact) -> VoidReason | None:
    """Only a content failure is charged to the parent (FAIL-1, FAIL-4, FAIL-6)."""
    job = _open_job(run, event.job_id)
    if isinstance(job, VoidReason):
        return job
    job.failure_class, job.failure_code, job.message = (
        event.failure_class.value,
        event.code.value,
        storable(event.message),
    )
    job.gateway, job.node, job.attempt = event.gateway, event.node or job.node, event.attempt
    _add_gpu_seconds(run, job, event.gpu_seconds)
    _end(model, run, job, _end_of(event.code), fact.meta.time)
    if job.parent is not None and event.failure_class is FailureClass.CONTENT:
        job.parent.failures += 1
    if event.code is not FailureCode.INTERRUPTED:
        _count(run, job, event.failure_class)
    return None


def _count(run: Run, job: Job, failure_class: FailureClass) -> None:
    """FAIL-5. Jobs that one outage breaks together repeat nothing: only one asked for after that counts again."""
    column = job.column
    column.last_failure_class, column.last_failure_code = job.failure_class, job.failure_code
    column.last_failure_message = job.message
    if failure_class is FailureClass.INFRASTRUCTURE:
        if job.number <= column.outage_at_job:
            return
        column.outage_at_job = run.last_job_number
    column.consecutive_failures += 1


def produce(model: ReadModel, run: Run, event: ImageProduced, fact: Fact) -> VoidReason | None:
    """One candidate a job (JOB-4). An image of a job that had ended without one is registered for the record (JOB-8).

    Step and parent are those of the job, which the gateway only repeats.
    """
    job = run.jobs.get(event.job_id)
    if job is None:
        return VoidReason.UNKNOWN_JOB
    if job.candidate_id is not None or event.candidate_id in run.candidates:
        return VoidReason.JOB_ENDED
    late = not job.state.is_open
    job.candidate_id = event.candidate_id
    job.gateway, job.node, job.attempt = event.gateway, event.node, event.attempt
    _add_gpu_seconds(run, job, event.gpu_seconds)
    if not late:
        _end(model, run, job, JobState.COMPLETED, fact.meta.time)
    _register(model, run, job, event, fact, late=late)
    job.column.consecutive_failures = 0
    run.images += 1
    model.changes.jobs[job] = None
    return None


def _register(model: ReadModel, run: Run, job: Job, event: ImageProduced, fact: Fact, *, late: bool) -> None:
    """A late image below a live parent is born rejected, so that it fills no slot (JOB-8)."""
    birth = Birth(
        job_id=job.job_id,
        job_number=job.number,
        seed=job.seed,
        node=event.node,
        gpu_seconds=event.gpu_seconds,
        image=event.image,
        created_at=fact.meta.time,
        position=fact.position,
    )
    turned_away = late and (job.parent is None or job.parent.live)
    candidate = tree.add_candidate(model, run, event.candidate_id, job.column, job.parent, birth, rejected=turned_away)
    candidate.reject_reason = LATE if turned_away else None


def _open_job(run: Run, job_id: JobId) -> Job | VoidReason:
    """The job, if it has not ended."""
    job = run.jobs.get(job_id)
    if job is None:
        return VoidReason.UNKNOWN_JOB
    return job if job.state.is_open else VoidReason.JOB_ENDED


def _end(model: ReadModel, run: Run, job: Job, state: JobState, at: datetime) -> None:
    job.state, job.ended_at = state, at
    model.changes.jobs[job] = None
    tree.close_job(model, run, job)


def _end_of(code: FailureCode) -> JobState:
    match code:
        case FailureCode.LOST:
            return JobState.LOST
        case FailureCode.INTERRUPTED:
            return JobState.CANCELLED
        case _:
            return JobState.FAILED


def _add_gpu_seconds(run: Run, job: Job, seconds: float) -> None:
    job.gpu_seconds += seconds
    run.gpu_seconds += seconds
