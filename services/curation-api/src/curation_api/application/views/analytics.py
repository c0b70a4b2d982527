"""Figures about work and money, as clients see them, and the rows they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from curation_api.application.views.page import View
from curation_api.domain.analytics import cost_of, share


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
    lowest: int | None
    quartiles: Sequence[float] | None
    highest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterRow:
    """A voter; `pairs` and what begins with `all_` is of all voters, and the same in each row."""

    voter: str
    votes: int
    milliseconds_median: float | None
    left_share: float | None
    agreeing: int
    compared: int
    pairs: int
    all_agreeing: int
    all_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentRow:
    images: int
    failed: int
    gpu_seconds: float
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRow:
    runs: int
    open_jobs: int


class TotalsView(View):
    """All that was ever made."""

    images: int
    finals: int = Field(description="Live images of final steps.")
    votes: int
    gpu_seconds: float
    gpu_seconds_per_final: float | None = Field(description="All GPU seconds over the live finals; null without one.")
    cost: float | None = Field(description="At the price that was asked with; null without a price.", examples=[1.25])
    cost_per_final: float | None = Field(description="Null without a price or a final.", examples=[0.12])


def totals_view(row: TotalsRow, hour_cost: float | None) -> TotalsView:
    """`hour_cost`: what an hour of one GPU costs."""
    cost = cost_of(row.gpu_seconds, hour_cost)
    return TotalsView(
        images=row.images,
        finals=row.finals,
        votes=row.votes,
        gpu_seconds=row.gpu_seconds,
        gpu_seconds_per_final=share(row.gpu_seconds, row.finals),
        cost=cost,
        cost_per_final=None if cost is None else share(cost, row.finals),
    )


class ServerFigures(View):
    """What one server did in the time asked for."""

    node: str
    pool: str
    images: int
    failed: int = Field(description="Jobs that failed or were lost.", examples=[2])
    gpu_seconds: float
    rendering_median: float | None = Field(description="Seconds from submission to image.", examples=[11.5])
    rendering_p95: float | None = Field(description="The same for the slowest of twenty.", examples=[14.0])


class RatingSpread(View):
    """How the ratings of a step's live images lie."""

    lowest: int = Field(examples=[940])
    lower_quartile: float = Field(description="A quarter of the images are rated lower.", examples=[985.5])
    median: float = Field(examples=[1001])
    upper_quartile: float = Field(description="A quarter of the images are rated higher.", examples=[1016])
    highest: int = Field(examples=[1061])


class StepFiguresView(View):
    """One step of a run: its whole funnel, and its work in the time asked for."""

    order: int
    name: str = Field(description="The step's name.")
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
    ratings: RatingSpread | None = Field(description="Of the live images; null without one.")


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
    votes: int = Field(description="Of the newest 20,000 since then, of this voter.", examples=[240])
    milliseconds_median: float | None = Field(description="Time taken for a vote.", examples=[850.0])
    left_share: float | None = Field(
        description="Left among left and right; far from a half, sides are favoured.", examples=[0.51]
    )
    agreement: float | None = Field(
        description="Share of others' votes on the same pairs that say the same; null without such votes.",
        examples=[0.82],
    )


class AgreementView(View):
    """Whether those who judged the same two images say the same of them: the newest 20,000 votes since then."""

    pairs: int = Field(description="Pairs that more than one voter judged.", examples=[120])
    share: float | None = Field(
        description="Of all two votes on one of these pairs, how many say the same; null without such a pair.",
        examples=[0.79],
    )


class AnalyticsView(View):
    since: datetime = Field(description="Beginning of the time asked for, a full hour.")
    totals: TotalsView
    servers: list[ServerFigures] = Field(description="Those with most images first.")
    failures: list[FailureFigures] = Field(description="The most frequent first.")
    hours: list[HourFigures] = Field(description="Every hour from `since` on, the present one last.")
    voters: list[VoterFigures] = Field(description="The busiest first, 50 at the most.")
    agreement: AgreementView


class RunAnalyticsView(AnalyticsView):
    run_id: str
    steps: list[StepFiguresView]
