"""The whole at a glance, as clients see it."""

from __future__ import annotations

from pydantic import Field

from curation_api.application.views.analytics import TotalsView
from curation_api.application.views.page import View
from curation_api.application.views.run import RunCard
from curation_api.domain.dashboard import Cause


class WaitingView(View):
    """Something of an active run that goes on only when a person acts."""

    run_id: str
    run_name: str
    cause: Cause = Field(description="A gate to open, a paused step or run to resume, or a ceiling to raise.")
    step_order: int | None = Field(description="The step; null where it is the whole run.", examples=[2])
    step_name: str | None = Field(description="Its name; null where it is the whole run.", examples=["Face Fix"])
    detail: str = Field(description="The same for people.", examples=["12 live images to choose from"])


class RecentView(View):
    """What was done in the last 24 hours, over all runs."""

    images: int = Field(description="Made in this time.", examples=[310])
    failed: int = Field(description="Jobs that failed or were lost.", examples=[2])
    votes: int = Field(description="Votes that count.", examples=[540])
    gpu_seconds: float
    cost: float | None = Field(description="Null without a price.", examples=[1.25])


class CapacityView(View):
    """Who renders now."""

    servers: int = Field(description="Servers that are present.", examples=[2])
    slots: int = Field(description="Jobs they render at once, without those that take none now.", examples=[2])
    busy: int = Field(description="Jobs at servers now.", examples=[1])


class DashboardView(View):
    active_runs: int = Field(description="Runs that have not ended.", examples=[3])
    open_jobs: int = Field(description="Jobs of these runs asked for and not ended.", examples=[4])
    runs: list[RunCard] = Field(description="The newest 50 of them, each with its funnel and its leaders.")
    waiting: list[WaitingView] = Field(description="What of these waits for a person, by run.")
    recent: RecentView
    totals: TotalsView
    capacity: CapacityView
