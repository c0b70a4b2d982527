"""Why a job was asked for, as clients see it."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.run import Raffle
from curation_api.application.views.candidate import Seed
from curation_api.application.views.page import View


class CompetitorView(View):
    """One entry of the raffle. Its own numbers are `first` to `last`, none if `last` is below `first`."""

    candidate_id: str
    tickets: int = Field(description="Its rating, none below zero, unless the raffle says else.")
    first: int = Field(description="The lowest drawn number that is its own.")
    last: int = Field(description="The highest drawn number that is its own.")
    share: float = Field(description="Its chance, 0 to 1.")
    won: bool = Field(description="Whether it became the parent.")
    missed_by: int = Field(description="How far the draw was from its numbers; negative: the draw was too low.")


class ReasonView(View):
    rule: str = Field(description="Number of the rule.", examples=["SEL-9"])
    says: str = Field(description="What the rule did here.", examples=["The step behind the parent's is Face Fix."])


class DecisionRecord(View):
    """Why this one: competitors, tickets, draw, and what would have changed it."""

    job_id: str
    run_id: str
    number: int
    state: str = Field(
        description="pending, submitted, completed, failed, cancelled or lost: how the job stands.",
        examples=["completed"],
    )
    step_order: int
    step_name: str
    parent_id: str | None
    candidate_id: str | None = Field(description="What the job made; null before, and after a failure.")
    seed: Seed
    requested_at: datetime
    position: int = Field(description="Where the request stands in the log.")
    read_position: int = Field(description="Position of the state that was decided on.")
    mode: str
    policy: str = Field(description="How runs share the servers: round_robin or global.", examples=["round_robin"])
    profile: str = Field(description="autonomous or gated.", examples=["autonomous"])
    raffle: Raffle = Field(description="How ratings became tickets.")
    draw: int | None = Field(description="The drawn number; null without a raffle.")
    tickets_total: int = Field(description="Tickets of all competitors; 0: all were equally likely.")
    competitors_total: int = Field(description="How many could be the parent.")
    competitors: list[CompetitorView] = Field(description="The first 200 in creation order.")
    unrecorded: int = Field(description="Competitors behind the first 200.")
    winner: CompetitorView | None = Field(description="Null for a base image, and for a winner behind the first 200.")
    reasons: list[ReasonView] = Field(description="The rules that led here, in the order they were asked.")
    would_change: list[str] = Field(
        description="What would have led to another choice.", examples=[["Any other number from 1 to 5230 drawn."]]
    )
