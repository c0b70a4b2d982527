"""The selector's ports in memory: a read model that holds what it is given, a lease that can be taken away."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from unit.selector.build import LIMITS, NOON, first

from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunPolicy
from carnival.log.port import EventLog
from selector.adapters.heard_causes import HeardCauses
from selector.application.cancel_jobs import CancelJobs
from selector.application.judge_failures import JudgeFailures
from selector.application.own_events import OwnEvents
from selector.application.ports import Reading
from selector.application.select_jobs import SelectJobs
from selector.application.work_once import WorkOnce
from selector.domain.cancellation import OpenJob
from selector.domain.capacity import Capacity
from selector.domain.choice import NOBODY_SERVED
from selector.domain.failing import FailingParent, FailingStep
from selector.domain.frontier import RunFrontier, RunInTurn, RunStatus
from selector.domain.raffle import Draw
from selector.domain.rules import Limits
from selector.domain.survey import Survey

RUN_STARTED: Final = Position(2)


@dataclass
class MemoryReadModel:
    """Implements `FrontierReader`, `Projection` and `Presence`. `catch_up` is called when somebody waits for it."""

    position: Position = RUN_STARTED
    runs: list[RunFrontier] = field(default_factory=list[RunFrontier])
    open_jobs: dict[str, int] = field(default_factory=dict[str, int])
    unwanted: list[OpenJob] = field(default_factory=list[OpenJob])
    failing_parents: list[FailingParent] = field(default_factory=list[FailingParent])
    failing_steps: list[FailingStep] = field(default_factory=list[FailingStep])
    capacities: dict[str, int] = field(default_factory=dict[str, int])
    last_served: Position = NOBODY_SERVED
    catch_up: Callable[[Position], Awaitable[None]] | None = None
    readings: int = 0
    looked_at: list[RunId] = field(default_factory=list[RunId])

    @asynccontextmanager
    async def open(self, limits: Limits) -> AsyncGenerator[Reading]:
        self.readings += 1
        yield _MemoryReading(self, self.survey(), list(self.runs))

    def survey(self) -> Survey:
        active = [run for run in self.runs if not run.paused and run.status in {RunStatus.PENDING, RunStatus.RUNNING}]
        return Survey(
            position=self.position,
            open_jobs=dict(self.open_jobs),
            pools=frozenset(step.pool for run in active for step in run.steps),
            runs=[RunInTurn(run.run_id, run.created_position, run.last_position, run.policy) for run in active],
            last_served=self.last_served,
            unwanted_jobs=list(self.unwanted),
            failing_parents=list(self.failing_parents),
            failing_steps=list(self.failing_steps),
        )

    async def reached(self, position: Position, seconds: float) -> bool:
        if self.position < position and self.catch_up is not None:
            await self.catch_up(position)
        return self.position >= position

    def capacity(self) -> Capacity:
        return Capacity(self.capacities)


@dataclass
class _MemoryReading:
    model: MemoryReadModel
    survey: Survey
    runs: list[RunFrontier]

    async def frontiers(self, run_ids: Sequence[RunId]) -> Sequence[RunFrontier]:
        self.model.looked_at.extend(run_ids)
        return [run for run in self.runs if run.run_id in run_ids]


@dataclass
class MemoryLease:
    """Implements `Lease`. Held for `appends_left` more questions; None: for ever."""

    held_for: int | None = None
    term: int = 1

    @property
    def held(self) -> bool:
        if self.held_for is None:
            return True
        self.held_for -= 1
        return self.held_for >= 0


@dataclass
class Selector:
    """All use cases wired on memory."""

    log: EventLog
    model: MemoryReadModel
    lease: MemoryLease = field(default_factory=MemoryLease)
    policy: RunPolicy = RunPolicy.ROUND_ROBIN
    draw: Draw = first

    def __post_init__(self) -> None:
        self.own = OwnEvents(self.log, self.lease)
        self.select_jobs = SelectJobs(self.own, self.model, HeardCauses(), self.policy, LIMITS, self.draw, lambda: NOON)
        self.work = WorkOnce(
            reader=self.model,
            log=self.log,
            lease=self.lease,
            projection=self.model,
            own=self.own,
            cancel_jobs=CancelJobs(self.own),
            judge_failures=JudgeFailures(self.own, LIMITS, 5),
            select_jobs=self.select_jobs,
            limits=LIMITS,
        )
