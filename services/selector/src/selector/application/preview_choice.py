"""Say what would be next, without doing it (SEL-14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import Raffle, RunPolicy
from selector.application.frontiers import Frontiers
from selector.application.own_events import OwnEvents
from selector.application.ports import Clock, FrontierReader
from selector.domain.choice import next_work, raffle_of, work_of
from selector.domain.frontier import LINEAR, RunFrontier
from selector.domain.rules import Limits
from selector.domain.work import BaseWork, ChildWork, NoWork, Obstacle, WaitingForApproval, Work


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be next on the state at `position`, if there were room for another job.

    `run` is the run of the one possible parent, of the base image or of the approval; None when several runs compete.
    `raffle` says how tickets would be given.
    """

    position: Position
    work: Work
    run: RunFrontier | None
    raffle: Raffle


class PreviewChoice:
    """Reads and decides as `SelectJobs` does, up to the draw."""

    def __init__(self, reader: FrontierReader, own: OwnEvents, policy: RunPolicy, limits: Limits, clock: Clock) -> None:
        self._reader = reader
        self._own = own
        self._policy = policy
        self._limits = limits
        self._clock = clock

    async def __call__(self, run_id: RunId | None) -> Preview:
        """For one run, or for all of them. Raises ReadModelUnavailable."""
        async with self._reader.open(self._limits) as reading:
            position = reading.survey.position
            own = [entry for entry in self._own.entries if entry.position > position]
            frontiers = Frontiers(reading, self._policy, own)
            if run_id is None:
                runs, work = await self._over_all(frontiers)
            else:
                runs = list(await frontiers.load([run_id]))
                work = work_of(runs[0], self._limits, self._clock()) if runs else NoWork(Obstacle.UNKNOWN_RUN)
        raffle = raffle_of(runs, work) if isinstance(work, ChildWork) else LINEAR
        return Preview(max([position, *(entry.position for entry in own)]), work, _run_of(work, runs), raffle)

    async def _over_all(self, frontiers: Frontiers) -> tuple[list[RunFrontier], Work]:
        runs = list[RunFrontier]()
        async for portion in frontiers.portions():
            runs.extend(portion)
            if isinstance(self._next(portion, frontiers), ChildWork | BaseWork):
                break
        return runs, self._next(runs, frontiers)

    def _next(self, runs: Sequence[RunFrontier], frontiers: Frontiers) -> Work:
        return next_work(runs, self._policy, self._limits, self._clock(), last_served=frontiers.last_served)


def _run_of(work: Work, runs: Sequence[RunFrontier]) -> RunFrontier | None:
    match work:
        case BaseWork() | WaitingForApproval():
            return work.run
        case ChildWork():
            competing = {parent.run_id for parent in work.competitors}
            return next(run for run in runs if run.run_id in competing) if len(competing) == 1 else None
        case NoWork():
            return runs[0] if len(runs) == 1 else None
