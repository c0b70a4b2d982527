"""Cancel open jobs that nobody wants any more."""

from __future__ import annotations

import structlog

from selector.application.own_events import OwnEvents
from selector.application.ports import Reading
from selector.domain.cancellation import cancellation, cancellation_id

_log = structlog.get_logger(__name__)


class CancelJobs:
    """KILL-6, RUN-5, RUN-8. Without expectation: a cancellation that comes too late is void and does no harm."""

    def __init__(self, own: OwnEvents) -> None:
        self._own = own

    async def __call__(self, reading: Reading) -> None:
        """Raises LeaseLost and log errors; what is left undone is found again by the next pass."""
        for job in reading.survey.unwanted_jobs:
            event = cancellation(job)
            if event is None or self._own.holds(event):
                continue
            entry = await self._own.append(event, cancellation_id(event))
            _log.info(
                "Job cancelled",
                action="job_cancelled",
                run_id=job.run_id,
                job_id=job.job_id,
                reason=event.reason,
                position=entry.position,
            )
