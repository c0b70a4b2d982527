"""How the selector is doing: how long it decides, what is open, what is offered."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from opentelemetry.metrics import Observation

from carnival.contracts.envelope import Event
from carnival.contracts.job import JobRequested
from carnival.telemetry.catalogue.selector import (
    DECISION_DURATION,
    JOBS_OLDEST,
    JOBS_OPEN,
    JOBS_RUNNABLE,
    LEADER,
    PASS_DURATION,
    RUNS_ACTIVE,
    SLOTS_OFFERED,
    STEPS_PAUSED,
)
from carnival.telemetry.instruments import histogram
from carnival.telemetry.sampling import Samples, Source
from selector.adapters.frontier_reader import PostgresFrontierReader, Standing
from selector.adapters.presence import AnnouncedPresence
from selector.application.measure_demand import MeasureDemand
from selector.application.ports import Clock, FrontierReader, Lease, Reading
from selector.application.run_loop import Pass
from selector.domain.rules import Limits

DONE: Final = {"outcome": "done"}
FAILED: Final = {"outcome": "failed"}
OPEN_STATES: Final = ("pending", "submitted")


class MeasuredPass:
    """Implements `Pass` on another one. A replica without the lease makes none."""

    def __init__(self, work: Pass, lease: Lease) -> None:
        self._work = work
        self._lease = lease
        self._duration = histogram(PASS_DURATION)

    async def __call__(self, *, thorough: bool) -> None:
        held, started, outcome = self._lease.held, time.perf_counter(), FAILED
        try:
            await self._work(thorough=thorough)
            outcome = DONE
        finally:
            if held:
                self._duration.record(time.perf_counter() - started, outcome)


class DecisionTimes:
    """Hears when a reading begins and when a job stands in the log."""

    def __init__(self) -> None:
        self._duration = histogram(DECISION_DURATION)
        self._since = time.perf_counter()

    def begin(self) -> None:
        self._since = time.perf_counter()

    def appended(self, event: Event) -> None:
        if isinstance(event, JobRequested):
            self._duration.record(time.perf_counter() - self._since, {"mode": event.decision.mode.value})
            self.begin()


class TimedReader:
    """Implements `FrontierReader` on another one."""

    def __init__(self, reader: FrontierReader, times: DecisionTimes) -> None:
        self._reader = reader
        self._times = times

    @asynccontextmanager
    async def open(self, limits: Limits) -> AsyncGenerator[Reading]:
        self._times.begin()
        async with self._reader.open(limits) as reading:
            yield reading


def leadership(lease: Lease) -> Source:
    async def read() -> Samples:
        return {LEADER: [Observation(int(lease.held))]}

    return Source("leadership", (LEADER,), read)


def work_standing(reader: PostgresFrontierReader, presence: AnnouncedPresence, lease: Lease, clock: Clock) -> Source:
    """What is open and what is offered; said by the replica that chooses alone. A pool that has nothing open stays
    named, with 0: a line that ends looks like a selector that has fallen silent."""
    pools: set[str] = set()

    async def read() -> Samples:
        if not lease.held:
            return {}
        standing, now = await reader.standing(), clock()
        slots = presence.slots()
        pools.update(slots, (row["pool"] for row in standing.open_jobs))
        jobs = _open_jobs(standing, pools, now)
        return {
            JOBS_OPEN: [Observation(number, labels) for labels, number, _ in jobs],
            JOBS_OLDEST: [Observation(age, labels) for labels, _, age in jobs],
            RUNS_ACTIVE: [Observation(standing.runs_active)],
            STEPS_PAUSED: [Observation(standing.steps_paused)],
            SLOTS_OFFERED: _by_pool(slots),
        }

    return Source("work", (JOBS_OPEN, JOBS_OLDEST, RUNS_ACTIVE, STEPS_PAUSED, SLOTS_OFFERED), read)


def demand(measure: MeasureDemand, lease: Lease) -> Source:
    """What could be worked on at once; a pool that was named once is named as long as this replica chooses."""
    pools: set[str] = set()

    async def read() -> Samples:
        if not lease.held:
            return {}
        found = await measure()
        pools.update(found)
        return {JOBS_RUNNABLE: _by_pool({pool: found.get(pool, 0) for pool in pools})}

    return Source("demand", (JOBS_RUNNABLE,), read)


def _open_jobs(standing: Standing, pools: Iterable[str], now: datetime) -> list[tuple[Mapping[str, str], int, float]]:
    """Labels, number of jobs and age of the oldest in seconds, of each pool and state."""
    found = {(row["pool"], row["state"]): (row["jobs"], _age(row["oldest"], now)) for row in standing.open_jobs}
    nothing = 0, 0.0
    places = [(pool, state) for pool in pools for state in OPEN_STATES]
    return [({"pool": pool, "state": state}, *found.get((pool, state), nothing)) for pool, state in places]


def _by_pool(slots: Mapping[str, int]) -> list[Observation]:
    return [Observation(count, {"pool": pool}) for pool, count in slots.items()]


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
