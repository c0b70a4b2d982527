"""Jobs that another gateway's server has: they are left to it for a while, so that none is rendered twice (JOB-9)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from carnival.contracts.ids import JobId

REMEMBERED_MAX: Final = 1000


class LeaveElsewhere:
    """A gateway that died comes back under its name and finds its jobs; one that never does must not hold them up."""

    def __init__(self, grace_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._grace_seconds = grace_seconds
        self._clock = clock
        self._since: OrderedDict[JobId, float] = OrderedDict()

    def __call__(self, job_id: JobId) -> bool:
        """Whether to wait longer; asked whenever the job is delivered here. The time runs from the first time."""
        now = self._clock()
        since = self._since.setdefault(job_id, now)
        if len(self._since) > REMEMBERED_MAX:
            self._since.popitem(last=False)
        return now - since < self._grace_seconds
