"""How long a run still takes, with the servers that are there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from carnival.contracts.ids import RunId
from carnival.contracts.notices import NodeState
from carnival.contracts.run import Profile
from carnival.log.errors import LogUnavailable
from curation_api.application.ports import Fleet, Runs
from curation_api.application.views.run import RunView
from curation_api.domain.estimate import StepOutlook, images_expected, seconds_left

DIGITS = 1


class EstimateRun:
    def __init__(self, runs: Runs, fleet: Fleet) -> None:
        self._runs = runs
        self._fleet = fleet

    async def __call__(self, run: RunView) -> float | None:
        """Seconds until the run has its finals, or all that its approvals allow; None for one that stands still."""
        if run.halted_by:
            return None
        steps = await self._outlooks(run)
        if run.profile is Profile.GATED:
            expected = [max(0, (column.target or 0) - column.live) for column in run.steps]
        else:
            expected = images_expected(steps, run.t - run.finals)
        left = seconds_left(steps, expected, await self._slots())
        return None if left is None else round(left, DIGITS)

    async def _outlooks(self, run: RunView) -> Sequence[StepOutlook]:
        rows = {row.step_order: row for row in await self._runs.outlook(RunId(run.run_id))}
        return [
            StepOutlook(
                pool=column.pool,
                cap=rows[column.order].cap,
                open_jobs=column.open_jobs,
                free_places=rows[column.order].free_places,
                mean_gpu_seconds=rows[column.order].mean_gpu_seconds,
                paused=column.paused,
            )
            for column in run.steps
        ]

    async def _slots(self) -> Counter[str]:
        """By pool; none at all while nobody knows who is there: an estimate is no reason to withhold the run."""
        slots: Counter[str] = Counter()
        try:
            nodes = await self._fleet.nodes()
        except LogUnavailable:
            return slots
        for node in nodes:
            if node.state in {NodeState.READY, NodeState.BUSY}:
                slots[node.pool] += node.slots
        return slots
