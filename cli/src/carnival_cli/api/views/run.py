"""Runs and their jobs in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from carnival_cli.api.views.page import View


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


class Cell(View):
    """Place of a run among those started together."""

    number: int
    values: dict[str, Any]


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
    cell: Cell | None = None
    created_at: datetime
    last_position: int
    seconds_left: float | None = None
    ceilings: dict[str, Any] = Field(default_factory=dict[str, Any])
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


class MatrixWritten(View):
    matrix_id: str
    position: int
