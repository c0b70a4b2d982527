"""What the log already says about a job, before any work is spent on it (JOB-9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TypeVar

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import AttemptFailed, ImageProduced, JobCancelled, JobFailed, JobRequested, JobSubmitted
from carnival.contracts.subjects import one_of_run
from carnival.log.port import EventLog

E = TypeVar("E", bound=Event)
J = TypeVar("J", ImageProduced, JobFailed, JobSubmitted, JobCancelled, AttemptFailed)


@dataclass(frozen=True, slots=True)
class Past:
    """`ended`: an image or a failure stands in the log. `submitted` is the submission of an attempt that did not fail
    yet, `submitted_at` where the first one of all stands."""

    ended: bool = False
    cancelled: tuple[Recorded[JobCancelled], ...] = ()
    submitted: Recorded[JobSubmitted] | None = None
    submitted_at: Position | None = None
    failed: tuple[AttemptFailed, ...] = ()


async def recall(log: EventLog, request: JobRequested, position: Position) -> Past:
    """The job's past. Raises LogUnavailable."""
    produced, failed, submitted, cancelled, attempts = await asyncio.gather(
        _of_job(log, request, ImageProduced, position),
        _of_job(log, request, JobFailed, position),
        _of_job(log, request, JobSubmitted, position),
        _of_job(log, request, JobCancelled, position),
        failed_attempts(log, request, position),
    )
    under_way = [entry for entry in submitted if entry.event.attempt > len(attempts)]
    return Past(
        ended=bool(produced or failed),
        cancelled=tuple(cancelled),
        submitted=under_way[-1] if under_way else None,
        submitted_at=submitted[0].position if submitted else None,
        failed=attempts,
    )


async def failed_attempts(log: EventLog, request: JobRequested, position: Position) -> tuple[AttemptFailed, ...]:
    """The attempts that failed so far, the first one first. Raises LogUnavailable."""
    return tuple(entry.event for entry in await _of_job(log, request, AttemptFailed, position))


async def _of_job(log: EventLog, request: JobRequested, kind: type[J], position: Position) -> list[Recorded[J]]:
    found = events_of(log, request, kind, position)
    return [entry async for entry in found if entry.event.job_id == request.job_id]


async def events_of(
    log: EventLog, request: JobRequested, kind: type[E], after: Position
) -> AsyncGenerator[Recorded[E]]:
    """The events of one kind of the job's run and pool behind `after`, up to the end of the log."""
    subject = one_of_run(request.run_id, kind, request.pool)
    while (entry := await log.next_of(subject, after)) is not None:
        after = entry.position
        if isinstance(entry, Recorded) and isinstance(entry.event, kind):
            yield Recorded(entry.event, entry.meta, entry.position, entry.subject)
