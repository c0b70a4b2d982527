"""What each pool could be doing at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from carnival.contracts.run import RunPolicy
from selector.application.frontiers import Frontiers
from selector.application.ports import Clock, FrontierReader
from selector.domain.demand import runnable_jobs
from selector.domain.frontier import RunFrontier
from selector.domain.rules import Limits

JOBS_MAX: Final = 64
"""More than so many per pool need not be known: no autoscaler goes there in one step."""
RUNS_MAX: Final = 150


class MeasureDemand:
    """Reads as the selector does; decides nothing."""

    def __init__(self, reader: FrontierReader, limits: Limits, clock: Clock) -> None:
        self._reader = reader
        self._limits = limits
        self._clock = clock

    async def __call__(self) -> Mapping[str, int]:
        """Open jobs and those that could be asked for, of every pool that active runs use; counted up to 64 beside the
        open ones, over the 150 runs next in turn. Raises ReadModelUnavailable."""
        found: Counter[str] = Counter()
        async with self._reader.open(self._limits) as reading:
            survey, looked_at = reading.survey, 0
            async for runs in Frontiers(reading, RunPolicy.ROUND_ROBIN).portions():
                found += await asyncio.to_thread(self._runnable, runs)
                looked_at += len(runs)
                if looked_at >= RUNS_MAX or all(found[pool] >= JOBS_MAX for pool in survey.pools):
                    break
        pools = survey.pools | survey.open_jobs.keys()
        return {pool: min(found[pool], JOBS_MAX) + survey.open_jobs.get(pool, 0) for pool in pools}

    def _runnable(self, runs: Sequence[RunFrontier]) -> Counter[str]:
        now = self._clock()
        return sum((runnable_jobs(run, self._limits, now, JOBS_MAX) for run in runs), Counter[str]())
