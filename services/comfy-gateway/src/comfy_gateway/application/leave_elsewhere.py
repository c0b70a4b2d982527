"""Jobs that another gateway's server has: they are left to it for a while, so that none is rendered twice (JOB-9)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from carnival.contracts.ids import JobId
from comfy_gateway.application.remembering import Remembered

REMEMBERED_MAX: Final = 1000


class LeaveElsewhere:
    """A gateway that died comes back under its name and finds its jobs; one that never does must not hold them up."""

    def __init__(self, grace_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._grace_seconds = grace_seconds
        self._clock = clock
        self._since = Remembered[JobId, float](REMEMBERED_MAX)

    def __call__(self, job_id: JobId) -> bool:
        """Whether to wait longer; asked whenever the job is delivered here. The time runs from the first time."""
        now = self._clock()
        return now - self._since.since_first(job_id, now) < self._grace_seconds
