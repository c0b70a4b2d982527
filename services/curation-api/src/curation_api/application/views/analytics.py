"""Figures about work and money, as clients see them, and the rows they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from curation_api.application.views.page import View


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsRow:
    images: int
    finals: int
    gpu_seconds: float
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    order: int
    name: str
    live: int
    rejected: int
    dead: int
    parents: int
    images: int
    failed: int
    gpu_seconds: float
    waiting_median: float | None
    rendering_median: float | None
    rendering_p95: float | None


class TotalsView(View):
    """All that was ever made."""

    images: int
    finals: int = Field(description="Live images of final steps.")
    votes: int
    gpu_seconds: float
    gpu_seconds_per_final: float | None = Field(description="All GPU seconds over the live finals; null without one.")
    cost: float | None = Field(description="At the price that was asked with; null without a price.", examples=[1.25])
    cost_per_final: float | None = Field(description="Null without a price or a final.", examples=[0.12])


class ServerFigures(View):
    """What one server did in the time asked for."""

    node: str
    pool: str
    images: int
    failed: int = Field(description="Jobs that failed or were lost.", examples=[2])
    gpu_seconds: float
    rendering_median: float | None = Field(description="Seconds from submission to image.", examples=[11.5])
    rendering_p95: float | None = Field(description="The same for the slowest of twenty.", examples=[14.0])


class StepFiguresView(View):
    """One step of a run: its whole funnel, and its work in the time asked for."""

    order: int
    name: str
    live: int
    rejected: int
    dead: int
    conversion: float | None = Field(
        description="Share of all its images that got children; null for the last step and without images.",
        examples=[0.4],
    )
    images: int = Field(description="Made in the time asked for.")
    images_per_hour: float = Field(description="Made per hour of the time asked for.", examples=[42.0])
    failed: int = Field(description="Jobs that failed or were lost.", examples=[2])
    gpu_seconds: float
    waiting_median: float | None = Field(description="Seconds from request to submission.", examples=[2.5])
    rendering_median: float | None = Field(description="Seconds from submission to image.", examples=[11.5])
    rendering_p95: float | None = Field(description="The same for the slowest of twenty.", examples=[14.0])


class FailureFigures(View):
    failure_class: str
    code: str
    count: int = Field(description="How many jobs.", examples=[2])
    gpu_seconds: float
    last_at: datetime = Field(description="When it happened last.")


class HourFigures(View):
    hour: datetime = Field(description="Its beginning, UTC.")
    images: int
    failed: int = Field(description="Jobs that failed or were lost.", examples=[2])
    gpu_seconds: float
    votes: int


class VoterFigures(View):
    voter: str
    votes: int
    milliseconds_median: float | None = Field(description="Time taken for a vote.", examples=[850.0])
    left_share: float | None = Field(
        description="Left among left and right; far from a half, sides are favoured.", examples=[0.51]
    )


class AnalyticsView(View):
    since: datetime = Field(description="Beginning of the time asked for, a full hour.")
    totals: TotalsView
    servers: list[ServerFigures] = Field(description="Those with most images first.")
    failures: list[FailureFigures] = Field(description="The most frequent first.")
    hours: list[HourFigures] = Field(description="Every hour from `since` on, the present one last.")
    voters: list[VoterFigures] = Field(description="The busiest first, 50 at the most.")


class RunAnalyticsView(AnalyticsView):
    run_id: str
    steps: list[StepFiguresView]
