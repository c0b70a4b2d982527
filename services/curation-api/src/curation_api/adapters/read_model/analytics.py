"""Figures about work and money from the read model."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from carnival.contracts.ids import RunId
from curation_api.adapters.read_model.reading import Pool, Reading
from curation_api.application.views.analytics import (
    ActiveRow,
    AgreementView,
    AnalyticsView,
    FailureFigures,
    HourFigures,
    RatingSpread,
    RecentRow,
    RunAnalyticsView,
    ServerFigures,
    StepFiguresView,
    StepRow,
    TotalsRow,
    VoterFigures,
    VoterRow,
    totals_view,
)
from curation_api.domain.analytics import share

VOTES_MAX: Final = 20_000
"""Votes that are compared with one another: the newest."""
AT_ONCE: Final = 4
"""Figures that are counted at the same time, for whoever: the other connections are for votes and pages."""

T = TypeVar("T")


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
    """Implements `ports.Figures`, and the queries about work and votes of the last hours."""

    def __init__(self, pool: Pool) -> None:
        super().__init__(pool)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def totals(self) -> TotalsRow:
        return await self._totals(None)

    async def recent(self, since: datetime) -> RecentRow:
        nothing = RecentRow(images=0, failed=0, gpu_seconds=0, votes=0)
        return await self.one("dashboard_recent", RecentRow, since=since) or nothing

    async def active(self) -> ActiveRow:
        return await self.one("active_counts", ActiveRow) or ActiveRow(runs=0, open_jobs=0)

    async def whole(self, window: Window) -> AnalyticsView:
        return await self._figures(window, None)

    async def of_run(self, run_id: RunId, window: Window) -> RunAnalyticsView:
        figures, rows = await asyncio.gather(
            self._figures(window, run_id),
            self._in_turn(self.many("analytics_steps", StepRow, run_id=run_id, since=window.since)),
        )
        steps = [_step(row, window, is_last=row is rows[-1]) for row in rows]
        return RunAnalyticsView(**dict(figures), run_id=run_id, steps=steps)

    async def _figures(self, window: Window, run_id: RunId | None) -> AnalyticsView:
        wanted = {"run_id": run_id, "since": window.since}
        voters, hours, servers, failures, totals = await asyncio.gather(
            self._in_turn(self.many("analytics_voters", VoterRow, **wanted, newest=VOTES_MAX)),
            self._in_turn(self.many("analytics_hours", HourFigures, **wanted, until=window.now)),
            self._in_turn(self.many("analytics_servers", ServerFigures, **wanted)),
            self._in_turn(self.many("analytics_failures", FailureFigures, **wanted)),
            self._in_turn(self._totals(run_id)),
        )
        return AnalyticsView(
            since=window.since,
            totals=totals_view(totals, window.gpu_hour_cost),
            servers=servers,
            failures=failures,
            hours=hours,
            voters=[_voter(row) for row in voters],
            agreement=_agreement(voters),
        )

    async def _in_turn(self, query: Awaitable[T]) -> T:
        async with self._turns:
            return await query

    async def _totals(self, run_id: RunId | None) -> TotalsRow:
        nothing = TotalsRow(images=0, finals=0, gpu_seconds=0, votes=0)
        return await self.one("analytics_totals", TotalsRow, run_id=run_id) or nothing


def _voter(row: VoterRow) -> VoterFigures:
    return VoterFigures(
        voter=row.voter,
        votes=row.votes,
        milliseconds_median=row.milliseconds_median,
        left_share=row.left_share,
        agreement=share(row.agreeing, row.compared),
    )


def _agreement(voters: Sequence[VoterRow]) -> AgreementView:
    if not voters:
        return AgreementView(pairs=0, share=None)
    return AgreementView(pairs=voters[0].pairs, share=share(voters[0].all_agreeing, voters[0].all_compared))


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
        ratings=_spread(row),
    )


def _spread(row: StepRow) -> RatingSpread | None:
    if row.lowest is None or row.highest is None or row.quartiles is None:
        return None
    lower, median, upper = row.quartiles
    return RatingSpread(
        lowest=row.lowest, lower_quartile=lower, median=median, upper_quartile=upper, highest=row.highest
    )
