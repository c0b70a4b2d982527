"""Runs and their jobs in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from carnival_cli.api.views.page import BatchWritten, View


class Failure(View):
    failure_class: str | None
    code: str | None
    message: str | None


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
    pool: str = ""
    percent: int | None = None
    complete: bool = False
    approved_k: int | None = None
    consecutive_failures: int = 0
    last_failure: Failure | None = None


class Leader(View):
    candidate_id: str
    rating: int
    votes: int


class Cell(View):
    """Place of a run among those started together."""

    number: int
    values: dict[str, Any]
    matrix_id: str = ""


class Ceilings(View):
    """Limits that stop new jobs; None is no such limit."""

    images: int | None = None
    gpu_seconds: float | None = None
    deadline: datetime | None = None


class Raffle(View):
    """How ratings become tickets. `temperature`: rating points, for boltzmann."""

    weights: str = "linear"
    temperature: float = 100.0


class RatingChoice(View):
    """A rating system with the settings that differ from its defaults."""

    system: str
    settings: dict[str, Any]


class Origin(View):
    """The run and the moment that a forked run began with."""

    run_id: str
    position: int


class Run(View):
    run_id: str
    name: str
    pipeline_id: str
    pipeline_name: str
    status: str
    paused: bool
    pause_reason: str = ""
    halted_by: list[str] = Field(default_factory=list[str])
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
    cell: Cell | None = None
    created_at: datetime
    last_position: int
    seconds_left: float | None = None
    ceilings: Ceilings = Ceilings()
    folder: str | None = None
    prompt: str | None = None
    variables: dict[str, Any] | None = None
    pipeline_version: int = 0
    profile: str = ""
    matrix_id: str | None = None
    rating: RatingChoice | None = None
    policy: str | None = None
    raffle: Raffle = Raffle()
    origin: Origin | None = None


class JobProgress(View):
    percent: int
    step: int | None = None
    steps: int | None = None
    node: str = ""


class Job(View):
    job_id: str
    number: int
    step_order: int
    parent_id: str | None = None
    state: str
    node: str | None = None
    attempt: int = 1
    failure_class: str | None = None
    failure_code: str | None = None
    message: str | None = None
    cancel_reason: str | None = None
    candidate_id: str | None = None
    gpu_seconds: float = 0
    progress: JobProgress | None = None
    run_id: str = ""
    pool: str = ""
    seed: str = ""
    mode: str = ""
    gateway: str | None = None
    prompt_id: str | None = None
    requested_at: datetime | None = None
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    position: int = 0


class JobDetail(Job):
    """A job with the whole decision that asked for it."""

    decision: dict[str, Any]


class Discards(View):
    """Originals of a run that were given up, and how many more could be."""

    discarded_images: int
    discarded_bytes: int
    remaining: int


class GateCandidate(View):
    candidate_id: str
    rating: int
    votes: int
    advances: bool
    few_votes: bool


class Gate(View):
    """A step before its approval, its column best first."""

    step_order: int
    name: str
    approved_k: int | None
    k: int
    live: int
    advancing: int
    few_votes: int
    waiting: bool
    candidates: list[GateCandidate]


class Matrix(View):
    """Runs that were started together."""

    matrix_id: str
    runs: list[Run]


class MatrixWritten(BatchWritten):
    """Each item is a run, in the order of the cells."""

    matrix_id: str
