"""Figures about work and money from the read model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from carnival.contracts.ids import RunId
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.views.analytics import (
    AnalyticsView,
    FailureFigures,
    HourFigures,
    RunAnalyticsView,
    ServerFigures,
    StepFiguresView,
    StepRow,
    TotalsRow,
    TotalsView,
    VoterFigures,
)
from curation_api.domain.analytics import cost_of, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The hours asked for, the last of them under way, and the price of an hour of one GPU, if there is one."""

    hours: int
    now: datetime
    gpu_hour_cost: float | None = None

    @property
    def since(self) -> datetime:
        return self.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=self.hours - 1)


class PostgresAnalytics(Reading):
    async def whole(self, window: Window) -> AnalyticsView:
        return await self._figures(window, None)

    async def of_run(self, run_id: RunId, window: Window) -> RunAnalyticsView:
        figures = await self._figures(window, run_id)
        rows = await self.many("analytics_steps", StepRow, run_id=run_id, since=window.since)
        steps = [_step(row, window, is_last=row is rows[-1]) for row in rows]
        return RunAnalyticsView(**dict(figures), run_id=run_id, steps=steps)

    async def _figures(self, window: Window, run_id: RunId | None) -> AnalyticsView:
        totals = await self.one("analytics_totals", TotalsRow, run_id=run_id)
        wanted = {"run_id": run_id, "since": window.since}
        return AnalyticsView(
            since=window.since,
            totals=_totals(totals or TotalsRow(images=0, finals=0, gpu_seconds=0, votes=0), window.gpu_hour_cost),
            servers=await self.many("analytics_servers", ServerFigures, **wanted),
            failures=await self.many("analytics_failures", FailureFigures, **wanted),
            hours=await self.many("analytics_hours", HourFigures, **wanted, until=window.now),
            voters=await self.many("analytics_voters", VoterFigures, **wanted),
        )


def _totals(row: TotalsRow, price: float | None) -> TotalsView:
    cost = cost_of(row.gpu_seconds, price)
    return TotalsView(
        images=row.images,
        finals=row.finals,
        votes=row.votes,
        gpu_seconds=row.gpu_seconds,
        gpu_seconds_per_final=share(row.gpu_seconds, row.finals),
        cost=cost,
        cost_per_final=None if cost is None else share(cost, row.finals),
    )


def _step(row: StepRow, window: Window, *, is_last: bool) -> StepFiguresView:
    elapsed_hours = (window.now - window.since) / timedelta(hours=1)
    return StepFiguresView(
        order=row.order,
        name=row.name,
        live=row.live,
        rejected=row.rejected,
        dead=row.dead,
        conversion=None if is_last else share(row.parents, row.live + row.rejected + row.dead),
        images=row.images,
        images_per_hour=share(row.images, elapsed_hours) or 0.0,
        failed=row.failed,
        gpu_seconds=row.gpu_seconds,
        waiting_median=row.waiting_median,
        rendering_median=row.rendering_median,
        rendering_p95=row.rendering_p95,
    )
