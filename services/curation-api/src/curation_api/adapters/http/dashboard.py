"""The route of the home page: the whole at a glance (DASH-1, MON-1)."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from curation_api.adapters.http.analytics import Price
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.application.views.dashboard import DashboardView


def dashboard_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["monitoring"], dependencies=[Depends(parts.at_least)])

    @router.get("/dashboard", summary="Active runs, what waits, what was done", responses=problem_responses())
    async def show_dashboard(gpu_hour_cost: Price = None) -> DashboardView:
        """The active runs with their funnels, what of them waits for a person, the last day's work, the servers."""
        return await parts.runs.dashboard(parts.limits.hour_cost(gpu_hour_cost))

    _ = show_dashboard
    return router
