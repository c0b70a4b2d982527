"""The parts of the API's answers that commands use. Members that are not listed are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(View, Generic[T]):
    items: list[T]
    next: str | None = None


class PipelineSummary(View):
    pipeline_id: str
    version: int
    name: str
    description: str = ""
    steps: list[str] = Field(default_factory=list[str])
    runs: int = 0


class Step(View):
    order: int
    name: str
    template: str
    needs_prompt: bool
    needs_parent: bool
    needs_variables: bool
    child_cap: int | None = None
    pool: str
    placeholders: list[str] = Field(default_factory=list[str])


class Pipeline(View):
    pipeline_id: str
    version: int
    name: str
    description: str = ""
    steps: list[Step]
    variables: list[str] = Field(default_factory=list[str])
    warnings: list[str] = Field(default_factory=list[str])


class Column(View):
    """One step of one run."""

    order: int
    name: str
    slug: str
    live: int
    rejected: int
    dead: int
    open_jobs: int
    target: int | None = None
    paused: bool = False
    pause_reason: str = ""


class Leader(View):
    candidate_id: str
    rating: int
    votes: int


class Run(View):
    run_id: str
    name: str
    pipeline_id: str
    pipeline_name: str
    status: str
    paused: bool
    pause_reason: str = ""
    halted_by: list[Any] = Field(default_factory=list[Any])
    n: int
    t: int
    live: int
    rejected: int
    dead: int
    finals: int
    open_jobs: int
    images: int
    votes: int
    gpu_seconds: float
    steps: list[Column]
    leaders: list[Leader] = Field(default_factory=list[Leader])
    winner_id: str | None = None
    created_at: datetime
    last_position: int
    seconds_left: float | None = None
    folder: str | None = None
    prompt: str | None = None
    variables: dict[str, Any] | None = None


class JobProgress(View):
    percent: int
    step: int | None = None
    steps: int | None = None
    node: str = ""


class Job(View):
    job_id: str
    number: int
    step_order: int
    node: str | None = None
    progress: JobProgress | None = None


class TreeNode(View):
    candidate_id: str
    parent_id: str | None
    step_order: int
    state: str
    rating: int
    votes: int
    live_children: int
    position: int


class Candidate(View):
    candidate_id: str
    step_order: int
    parent_id: str | None
    state: str
    is_final: bool
    rating: int
    votes: int
    place: str
    sha256: str
    size_bytes: int
    discarded: bool
    position: int


class Discards(View):
    """Originals of a run that were given up, and how many more could be."""

    discarded_images: int
    discarded_bytes: int
    remaining: int


class Side(View):
    candidate_id: str


class Pair(View):
    step_order: int
    step_name: str
    left: Side
    right: Side
    voting: bool = True


class KillWalk(View):
    """What a kill leads to: the parent beside another image, or nothing more."""

    walk_id: str
    pair: Pair | None


class NextPair(View):
    pair: Pair | None


class Rescoring(View):
    rescoring_id: str
    system: str
    settings: dict[str, Any]
    state: str
    in_force: bool
    up_to: int | None = None
    votes: int | None = None
    digest: str | None = None
    comparison: dict[str, Any] | None = None
    progress: dict[str, Any] | None = None


class Competitor(View):
    candidate_id: str
    tickets: int
    first: int
    last: int
    share: float
    won: bool
    missed_by: int


class Reason(View):
    rule: str
    says: str


class Decision(View):
    """Why a job was asked for."""

    job_id: str
    run_id: str
    number: int
    state: str
    step_name: str
    parent_id: str | None
    candidate_id: str | None
    mode: str
    draw: int | None
    tickets_total: int
    competitors_total: int
    competitors: list[Competitor]
    reasons: list[Reason]
    would_change: list[str]


class Status(View):
    jobs: dict[str, int]
    void_events: int
    parked_events: int
    log_position: int
    projected_position: int
    lag: int
    nodes: list[dict[str, Any]]


class LogLine(View):
    """One event of the log."""

    position: int
    type: str
    time: datetime | None
    source: str | None
    actor: str | None
    event: dict[str, Any] | None
    problem: str | None = None


class Token(View):
    token_id: str
    name: str
    role: str
    state: str
    issued_at: datetime
    issued_by: str | None = None
    expires_at: datetime | None = None


class SignInLink(View):
    url: str
    expires_at: datetime
