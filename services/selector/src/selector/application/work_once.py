"""One pass: read, cancel, judge, choose; read again when overtaken."""

from __future__ import annotations

from typing import Final

import structlog

from carnival.log.errors import LogError
from carnival.log.port import EventLog
from selector.application.cancel_jobs import CancelJobs
from selector.application.judge_failures import JudgeFailures
from selector.application.own_events import LeaseLost, Overtaken, OwnEvents
from selector.application.ports import FrontierReader, Lease, Projection
from selector.application.select_jobs import SelectJobs
from selector.domain.rules import Limits

READS_MAX: Final = 25
PROJECTION_WAIT_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


class ReadModelBehind(Exception):
    """The read model does not hold what it must hold before anything may be decided on it."""


class Contended(Exception):
    """The runs moved on during every one of the bounded readings."""


class WorkOnce:
    """Everything the selector does when it is woken. Does nothing without the lease."""

    def __init__(
        self,
        *,
        reader: FrontierReader,
        log: EventLog,
        lease: Lease,
        projection: Projection,
        own: OwnEvents,
        cancel_jobs: CancelJobs,
        judge_failures: JudgeFailures,
        select_jobs: SelectJobs,
        limits: Limits,
    ) -> None:
        self._reader = reader
        self._log = log
        self._lease = lease
        self._projection = projection
        self._own = own
        self._cancel_jobs = cancel_jobs
        self._judge_failures = judge_failures
        self._select_jobs = select_jobs
        self._limits = limits
        self._term = 0

    async def __call__(self, *, thorough: bool) -> None:
        """`thorough` looks at idle runs, too. Raises ReadModelBehind, Contended, ReadModelUnavailable, log errors."""
        if not self._lease.held:
            return
        if thorough:
            self._select_jobs.look_everywhere()
        try:
            await self._begin_term()
            await self._work()
        except LeaseLost as lost:
            _log.warning("Stopped choosing", action="lease_lost", reason=str(lost))
        except LogError:
            self._term = 0  # whether the append happened is unknown: catch up with the log before choosing again
            raise

    async def _begin_term(self) -> None:
        """What the holder before us appended must be in what we read, else the capacity could be used twice."""
        term = self._lease.term
        if term == self._term:
            return
        end = await self._log.end()
        if not await self._projection.reached(end, PROJECTION_WAIT_SECONDS):
            raise ReadModelBehind(f"the read model has not reached position {end} yet")
        self._select_jobs.look_everywhere()
        self._term = term

    async def _work(self) -> None:
        for _ in range(READS_MAX):
            try:
                return await self._read_and_decide()
            except Overtaken as overtaken:
                if not await self._projection.reached(overtaken.position, PROJECTION_WAIT_SECONDS):
                    raise ReadModelBehind(f"the read model stays behind position {overtaken.position}") from overtaken
        raise Contended(f"overtaken {READS_MAX} times in a row")

    async def _read_and_decide(self) -> None:
        async with self._reader.open(self._limits) as reading:
            self._own.behind(reading.survey.position)
            await self._cancel_jobs(reading)
            await self._judge_failures(reading)
            await self._select_jobs(reading)
