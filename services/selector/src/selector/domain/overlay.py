"""Our own events that the read model does not show yet, laid over it: so one read serves several choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.job import JobRequested
from carnival.contracts.run import StepPaused
from selector.domain.frontier import RunFrontier, RunStatus


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """What we appended about a run, and where it stands."""

    event: Event
    run_id: RunId
    position: Position


def overlaid(run: RunFrontier, own: Iterable[OwnEvent]) -> RunFrontier:
    """The run with `own` events applied, which stand in the log behind the state `run` shows.

    Exact for jobs asked for and steps paused. A rejection turns a whole branch, so the run counts as unsettled until
    the read model has it. A cancellation only moves the position: the slot stays taken until it is seen to be free.
    """
    for entry in own:
        if entry.run_id == run.run_id:
            run = _apply(run, entry)
    return run


def open_jobs_with(open_jobs: Mapping[str, int], own: Iterable[OwnEvent]) -> Mapping[str, int]:
    """Open jobs by pool with our own requests counted."""
    requested = Counter(entry.event.pool for entry in own if isinstance(entry.event, JobRequested))
    return Counter(open_jobs) + requested


def _apply(run: RunFrontier, entry: OwnEvent) -> RunFrontier:
    run = replace(run, last_position=entry.position)
    match entry.event:
        case JobRequested() as job:
            return _requested(run, job, entry.position)
        case StepPaused(step_order=order):
            steps = tuple(replace(step, paused=True) if step.order == order else step for step in run.steps)
            return replace(run, steps=steps)
        case CandidateRejected():
            return replace(run, unsettled=True)
        case _:
            return run


def with_open_job(run: RunFrontier, step_order: int, parent_id: CandidateId | None) -> RunFrontier:
    """The run with one more job under way, of a live parent or a base image."""
    return replace(
        run,
        open_jobs=run.open_jobs + 1,
        open_live_jobs=run.open_live_jobs + 1,
        steps=tuple(
            replace(step, open_jobs=step.open_jobs + 1) if step.order == step_order else step for step in run.steps
        ),
        candidates=tuple(
            replace(candidate, occupancy=candidate.occupancy + 1) if candidate.candidate_id == parent_id else candidate
            for candidate in run.candidates
        ),
    )


def _requested(run: RunFrontier, job: JobRequested, position: Position) -> RunFrontier:
    run = with_open_job(run, job.step_order, job.parent.candidate_id if job.parent else None)
    return replace(run, status=RunStatus.RUNNING, last_job_number=job.number, served_position=position)
