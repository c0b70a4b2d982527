"""Frontiers of runs, read when their turn comes and kept for the rest of a pass, own events laid over them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final

from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import JobRequested
from carnival.contracts.run import Profile, RunPolicy
from selector.application.ports import Reading
from selector.domain.frontier import RunFrontier, RunInTurn
from selector.domain.overlay import OwnEvent, overlaid
from selector.domain.turn import turns
from selector.domain.work import NoWork, Obstacle, Work

PORTIONS: Final = (2, 16, 128)
"""How many turns are read at once: few at first, as nearly always the first one in turn has work."""

LASTING: Final = frozenset(
    {
        Obstacle.NO_STEPS,
        Obstacle.IMAGES_REACHED,
        Obstacle.GPU_SECONDS_REACHED,
        Obstacle.DEADLINE_PASSED,
        Obstacle.STEP_PAUSED,
        Obstacle.TARGET_REACHED,
        Obstacle.TARGET_PROMISED,
    }
)
"""Obstacles that only another event of the run can remove."""


class IdleRuns:
    """Autonomous runs found without work, until their next event: a run that is full costs nothing (RUN-2)."""

    def __init__(self) -> None:
        self._seen: dict[RunId, Position] = {}

    def note(self, run: RunFrontier, work: Work, read_at: Position) -> None:
        """`read_at` is the run's last position in the read model."""
        if run.profile is Profile.AUTONOMOUS and isinstance(work, NoWork) and work.reason in LASTING:
            self._seen[run.run_id] = read_at

    def without(self, runs: Iterable[RunInTurn]) -> list[RunInTurn]:
        """The runs that are worth a look; runs that are not named any more are forgotten."""
        named = list(runs)
        still_idle = (run for run in named if self._seen.get(run.run_id) == run.last_position)
        self._seen = {run.run_id: run.last_position for run in still_idle}
        return [run for run in named if run.run_id not in self._seen]

    def forget(self) -> None:
        self._seen.clear()


class Frontiers:
    """The runs of one reading; `policy` is that of runs without one of their own."""

    def __init__(
        self,
        reading: Reading,
        policy: RunPolicy,
        own: Iterable[OwnEvent] = (),
        runs: Sequence[RunInTurn] | None = None,
    ) -> None:
        self._reading = reading
        self._policy = policy
        self._own = tuple(own)
        self._runs = reading.survey.runs if runs is None else runs
        self._read_at = {run.run_id: run.last_position for run in self._runs}
        self._loaded: dict[RunId, RunFrontier] = {}
        self.last_served = self._served_last()

    def read_at(self, run_id: RunId) -> Position:
        """The run's last position in the read model, own events left out."""
        return self._read_at[run_id]

    async def portions(self) -> AsyncIterator[Sequence[RunFrontier]]:
        """All runs in turn, a growing portion at a time; runs of one turn are never apart."""
        order = turns(self._runs, self._policy, self.last_served)
        start, number = 0, 0
        while start < len(order):
            size = PORTIONS[min(number, len(PORTIONS) - 1)]
            yield await self.load([run.run_id for turn in order[start : start + size] for run in turn])
            start, number = start + size, number + 1

    async def load(self, run_ids: Sequence[RunId]) -> Sequence[RunFrontier]:
        """The named runs in the given order; those that the read model does not know are left out."""
        missing = [run_id for run_id in run_ids if run_id not in self._loaded]
        if missing:
            for run in await self._reading.frontiers(missing):
                self._loaded[run.run_id] = overlaid(run, self._own)
        return [self._loaded[run_id] for run_id in run_ids if run_id in self._loaded]

    def apply(self, entry: OwnEvent) -> None:
        """Another own event of a run loaded before."""
        run = overlaid(self._loaded[entry.run_id], [entry])
        self._loaded[entry.run_id] = run
        if isinstance(entry.event, JobRequested):
            self.last_served = run.created_position

    def _served_last(self) -> Position:
        created = {run.run_id: run.created_position for run in self._reading.survey.runs}
        served = [created.get(entry.run_id) for entry in self._own if isinstance(entry.event, JobRequested)]
        known = [position for position in served if position is not None]
        return known[-1] if known else self._reading.survey.last_served
