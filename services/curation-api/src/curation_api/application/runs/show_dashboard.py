"""All active runs, what waits for a person, and what was done lately (DASH-1, MON-1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from carnival.contracts.notices import NodePresence
from carnival.contracts.run import Profile
from curation_api.application.ports import Clock, Figures, Fleet
from curation_api.application.runs.show_runs import ShowRuns
from curation_api.application.views.analytics import RecentRow, totals_view
from curation_api.application.views.dashboard import CapacityView, DashboardView, RecentView, WaitingView
from curation_api.application.views.fleet import busy_of, slots_of
from curation_api.application.views.run import ColumnView, RunCard, RunFilter
from curation_api.domain.analytics import cost_of
from curation_api.domain.dashboard import Cause, Halt

RUNS_MAX: Final = 50
RECENT: Final = timedelta(hours=24)


class ShowDashboard:
    def __init__(self, runs: ShowRuns, figures: Figures, fleet: Fleet, clock: Clock) -> None:
        self._runs = runs
        self._figures = figures
        self._fleet = fleet
        self._clock = clock

    async def __call__(self, hour_cost: float | None) -> DashboardView:
        """`hour_cost`: what an hour of one GPU costs. Raises LogUnavailable."""
        runs = (await self._runs.page(RunFilter(active=True), before=None, limit=RUNS_MAX)).items
        active = await self._figures.active()
        return DashboardView(
            active_runs=active.runs,
            open_jobs=active.open_jobs,
            runs=runs,
            waiting=[one for run in runs for one in _waiting(run)],
            recent=_recent(await self._figures.recent(self._clock() - RECENT), hour_cost),
            totals=totals_view(await self._figures.totals(), hour_cost),
            capacity=_capacity(await self._fleet.nodes()),
        )


def _waiting(run: RunCard) -> Iterator[WaitingView]:
    for halt in run.halted_by:
        cause = Cause.RUN_PAUSED if halt is Halt.PAUSED else Cause.CEILING
        yield _of_run(run, cause, run.pause_reason if halt is Halt.PAUSED else halt.value)
    for step in run.steps:
        if step.paused:
            yield _of_step(run, step, Cause.STEP_PAUSED, step.pause_reason)
    if run.profile is Profile.GATED:
        for step in run.steps[:-1]:
            if step.live and step.approved_k is None:
                yield _of_step(run, step, Cause.GATE, f"{step.live} live images to choose from")


def _of_run(run: RunCard, cause: Cause, detail: str) -> WaitingView:
    return WaitingView(
        run_id=run.run_id, run_name=run.name, cause=cause, step_order=None, step_name=None, detail=detail
    )


def _of_step(run: RunCard, step: ColumnView, cause: Cause, detail: str) -> WaitingView:
    return WaitingView(
        run_id=run.run_id, run_name=run.name, cause=cause, step_order=step.order, step_name=step.name, detail=detail
    )


def _recent(row: RecentRow, hour_cost: float | None) -> RecentView:
    return RecentView(
        images=row.images,
        failed=row.failed,
        votes=row.votes,
        gpu_seconds=row.gpu_seconds,
        cost=cost_of(row.gpu_seconds, hour_cost),
    )


def _capacity(nodes: Sequence[NodePresence]) -> CapacityView:
    return CapacityView(servers=len(nodes), slots=slots_of(nodes), busy=busy_of(nodes))
