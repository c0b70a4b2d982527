"""The state of the whole, and the log, in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from carnival_cli.api.views.fleet import FleetNode
from carnival_cli.api.views.page import View
from carnival_cli.api.views.run import Run


class RunImages(View):
    run_id: str
    name: str
    images: int
    open_jobs: int


class Status(View):
    jobs: dict[str, int]
    running: int
    void_events: int
    parked_events: int
    log_position: int
    projected_position: int
    lag: int
    nodes: list[FleetNode]
    runs: list[RunImages] = Field(default_factory=list[RunImages])


class LogLine(View):
    """One event of the log."""

    position: int
    type: str
    time: datetime | None
    source: str | None
    actor: str | None
    event: dict[str, Any] | None
    problem: str | None = None
    subject: str = ""
    version: int = 0
    event_id: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None


class Totals(View):
    images: int
    finals: int
    votes: int
    gpu_seconds: float
    gpu_seconds_per_final: float | None
    cost: float | None
    cost_per_final: float | None


class RatingSpread(View):
    """How the ratings of a step's live images lie."""

    lowest: int
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: int


class StepFigures(View):
    order: int
    name: str
    live: int
    conversion: float | None
    images: int
    images_per_hour: float
    failed: int
    gpu_seconds: float
    waiting_median: float | None
    rendering_median: float | None
    rendering_p95: float | None
    ratings: RatingSpread | None
    rejected: int = 0
    dead: int = 0


class ServerFigures(View):
    node: str
    pool: str
    images: int
    failed: int
    gpu_seconds: float
    rendering_median: float | None
    rendering_p95: float | None


class FailureFigures(View):
    failure_class: str
    code: str
    count: int
    gpu_seconds: float
    last_at: datetime | None = None


class HourFigures(View):
    hour: datetime
    images: int
    failed: int
    gpu_seconds: float
    votes: int


class VoterFigures(View):
    voter: str
    votes: int
    milliseconds_median: float | None
    left_share: float | None
    agreement: float | None


class Agreement(View):
    """Of pairs that several voters judged: how far they say the same."""

    pairs: int
    share: float | None


class Analytics(View):
    """`steps` are there for a run only."""

    since: datetime
    totals: Totals
    steps: list[StepFigures] = Field(default_factory=list[StepFigures])
    servers: list[ServerFigures]
    failures: list[FailureFigures]
    hours: list[HourFigures]
    voters: list[VoterFigures]
    agreement: Agreement
    run_id: str = ""


class Waiting(View):
    """Something of a run that waits for a person."""

    run_id: str
    run_name: str
    cause: str
    step_order: int | None
    step_name: str | None
    detail: str


class Recent(View):
    """What was done in the last 24 hours."""

    images: int
    failed: int
    votes: int
    gpu_seconds: float
    cost: float | None


class Capacity(View):
    servers: int
    slots: int
    busy: int


class Dashboard(View):
    active_runs: int
    open_jobs: int
    runs: list[Run]
    waiting: list[Waiting]
    recent: Recent
    totals: Totals
    capacity: Capacity


class Work(View):
    """How far long work of the projector has come: `done` of `total` after `seconds`. Kept in a bucket with expiry."""

    kind: str
    id: str
    phase: str
    done: int
    total: int
    seconds: float
    per_second: float
    seconds_left: float | None
