"""Routes about figures: throughput, latency, GPU seconds, cost, failures, votes (DASH, MON)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from carnival.contracts.ids import RunId
from curation_api.adapters.http.parameters import IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.read_model.analytics import Window
from curation_api.application.known import known_run
from curation_api.application.views.analytics import AnalyticsView, RunAnalyticsView
from curation_api.domain.refusals import RunUnknown

HOURS_MAX = 31 * 24

Hours = Annotated[
    int,
    Query(ge=1, le=HOURS_MAX, description="How many hours back, the present one included.", examples=[24]),
    PLAIN_DIGITS,
]
Price = Annotated[
    float | None,
    Query(
        ge=0,
        le=1e6,
        allow_inf_nan=False,
        description="What an hour of one GPU costs; absent: GPU_HOUR_COST.",
        examples=[1.5],
    ),
]


def analytics_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["monitoring"], dependencies=[Depends(parts.at_least)])
    analytics, runs, clock, limits = parts.readers.analytics, parts.readers.runs, parts.access.clock, parts.limits

    @router.get("/analytics", summary="Figures over all runs", responses=problem_responses())
    async def show_analytics(hours: Hours = 24, gpu_hour_cost: Price = None) -> AnalyticsView:
        """Per server and hour: images, failures, GPU seconds, latencies; per voter: votes and agreement with others.

        Totals are of all time."""
        return await analytics.whole(Window(hours=hours, now=clock(), gpu_hour_cost=limits.hour_cost(gpu_hour_cost)))

    @router.get("/runs/{run_id}/analytics", summary="Figures of one run", responses=problem_responses(RunUnknown))
    async def show_run_analytics(run_id: IdPath, hours: Hours = 24, gpu_hour_cost: Price = None) -> RunAnalyticsView:
        """The same of one run, with its funnel step by step: how many images went on, how fast, at what price."""
        await known_run(runs, RunId(run_id))
        return await analytics.of_run(
            RunId(run_id), Window(hours=hours, now=clock(), gpu_hour_cost=limits.hour_cost(gpu_hour_cost))
        )

    _ = (show_analytics, show_run_analytics)
    return router
