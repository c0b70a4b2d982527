"""Runs as clients see them, and the rows they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import Field, JsonValue

from carnival.contracts.ids import MatrixId, PipelineId
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, MatrixCell, Profile, Raffle, RunPolicy
from curation_api.application.views.page import View
from curation_api.domain.dashboard import Halt


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run with its pipeline's name."""

    run_id: str
    pipeline_id: str
    pipeline_version: int
    pipeline_name: str
    name: str
    prompt: str | None
    variables: dict[str, JsonValue]
    folder: str
    profile: str
    status: str
    paused: bool
    pause_reason: str
    n: int
    t: int
    ceiling_images: int | None
    ceiling_gpu_seconds: float | None
    ceiling_deadline: datetime | None
    open_jobs: int
    live_finals: int
    images: int
    votes: int
    gpu_seconds: float
    winner_id: str | None
    rating: dict[str, JsonValue] | None
    matrix_id: str | None
    cell: dict[str, JsonValue] | None
    origin: dict[str, JsonValue] | None
    policy: str | None
    raffle: dict[str, JsonValue]
    created_at: datetime
    created_position: int
    last_position: int

    @property
    def ceilings(self) -> Ceilings:
        return Ceilings(
            images=self.ceiling_images, gpu_seconds=self.ceiling_gpu_seconds, deadline=self.ceiling_deadline
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Which runs a list shows; None: all. `active`: only those that have not ended."""

    pipeline_id: PipelineId | None = None
    matrix_id: MatrixId | None = None
    status: str | None = None
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """One step of one run."""

    run_id: str
    step_order: int
    name: str
    slug: str
    pool: str
    child_cap: int | None
    approved_k: int | None
    paused: bool
    pause_reason: str
    consecutive_failures: int
    last_failure_class: str | None
    last_failure_code: str | None
    last_failure_message: str | None
    live: int
    rejected: int
    dead: int
    open_jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookRow:
    """What one step of a run has before it."""

    step_order: int
    cap: int
    free_places: int
    mean_gpu_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderRow:
    run_id: str
    candidate_id: str
    rating: int
    votes: int


class FailureView(View):
    failure_class: str | None
    code: str | None
    message: str | None


class ColumnView(View):
    """One step of a run: what lives there and what it aims at."""

    order: int
    name: str = Field(description="The step's name.")
    slug: str
    pool: str
    live: int
    rejected: int
    dead: int = Field(description="Below a rejected image.")
    open_jobs: int
    target: int | None = Field(description="Live images wanted; null where nothing is aimed at.")
    percent: int | None
    complete: bool
    approved_k: int | None = Field(description="Gated runs: how many of the best may be parents.")
    paused: bool
    pause_reason: str
    consecutive_failures: int
    last_failure: FailureView | None


class LeaderView(View):
    candidate_id: str
    rating: int
    votes: int


class OriginView(View):
    """The run and the moment that a forked run begins with."""

    run_id: str
    position: int


class RunCard(View):
    """A run at a glance."""

    run_id: str
    name: str = Field(description="The run's name.")
    pipeline_id: str
    pipeline_version: int
    pipeline_name: str
    profile: Profile
    status: str = Field(description="pending, running, completed or failed.")
    paused: bool
    pause_reason: str
    halted_by: list[Halt] = Field(description="Why no new jobs are asked for; empty while the run may grow.")
    n: int = Field(description="Child limit N.")
    t: int = Field(description="Target of finals T.")
    live: int
    rejected: int
    dead: int
    finals: int = Field(description="Live images of the final step.")
    open_jobs: int
    images: int = Field(description="Images ever made.")
    votes: int
    gpu_seconds: float
    steps: list[ColumnView]
    leaders: list[LeaderView] = Field(description="The three best live images of the final step.")
    winner_id: str | None
    matrix_id: str | None = Field(description="Shared by runs that were started together; null for others.")
    cell: MatrixCell | None = Field(description="Its place among them, and the variables that tell it apart.")
    rating: RatingChoice | None = Field(description="The rating system this run is pinned to; null: the promoted one.")
    policy: RunPolicy | None = Field(
        description="How it shares the servers with other runs; null: as the selector is set (RUN_POLICY)."
    )
    raffle: Raffle = Field(description="How its ratings become tickets.")
    origin: OriginView | None = Field(description="Where this run was forked from; null: it began empty.")
    created_at: datetime
    last_position: int = Field(description="Log position of the run's newest event.")


class RunView(RunCard):
    """A run with everything it was started with."""

    prompt: str | None
    variables: dict[str, JsonValue]
    folder: str
    ceilings: Ceilings
    seconds_left: float | None = Field(
        default=None,
        description="Estimated seconds to the target (gated runs: to the next approval) with the servers present now;"
        " null while that is unknown: the run stands still, a step has no image yet, or no server is there.",
    )


class MatrixView(View):
    """Runs that were started together, one for every combination of some variables' values."""

    matrix_id: str
    runs: list[RunCard] = Field(description="In the order of their cells.")


class GateCandidate(View):
    candidate_id: str
    rating: int
    votes: int
    advances: bool
    few_votes: bool = Field(description="Fewer than 5 votes: its place is hardly settled.")


class GateView(View):
    """One step as a gate, with its column best first."""

    step_order: int
    name: str = Field(description="The step's name.")
    approved_k: int | None
    k: int = Field(
        description="The K this preview is made with: the approved one, else the one asked for or suggested."
    )
    live: int
    advancing: int
    few_votes: int = Field(description="How many of those shown have fewer than 5 votes.")
    waiting: bool = Field(description="Not approved, and there is something to choose from.")
    candidates: list[GateCandidate]
