"""Jobs, events and the state of the whole, as clients see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, JsonValue

from carnival.contracts.notices import NodePresence
from curation_api.application.views.candidate import Seed
from curation_api.application.views.page import View


class JobProgressView(View):
    """How far a job is that is being rendered."""

    percent: int = Field(ge=0, le=100, description="Of all nodes of the workflow; a running one by its fraction.")
    step: int | None = Field(description="Which step the sampler is at; null where the node takes no steps.")
    steps: int | None = Field(description="How many steps the sampler takes.")
    node: str = Field(description="Title of the workflow's node that runs; empty between two.", examples=["KSampler"])


class JobView(View):
    job_id: str
    run_id: str
    number: int
    step_order: int
    parent_id: str | None
    pool: str
    state: str = Field(description="pending, submitted, completed, failed, cancelled or lost.", examples=["completed"])
    seed: Seed
    mode: str
    gateway: str | None
    node: str | None
    prompt_id: str | None
    attempt: int
    failure_class: str | None
    failure_code: str | None
    message: str | None
    cancel_reason: str | None
    candidate_id: str | None
    gpu_seconds: float
    requested_at: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    position: int
    progress: JobProgressView | None = Field(
        default=None, description="While it is being rendered and its server has told; else null."
    )


class JobDetail(JobView):
    """A job with the whole decision that asked for it."""

    decision: dict[str, JsonValue]


class RunImages(View):
    run_id: str
    name: str = Field(description="The run's name.")
    images: int
    open_jobs: int


class Status(View):
    """The whole at a glance."""

    jobs: dict[str, int] = Field(
        description="Number of jobs by state.", examples=[{"pending": 1, "submitted": 1, "completed": 40}]
    )
    running: int = Field(description="How many of the submitted jobs are rendered now: their server tells of progress.")
    runs: list[RunImages] = Field(description="Images per run, newest run first, 200 at the most.")
    void_events: int
    parked_events: int
    log_position: int
    projected_position: int
    lag: int = Field(description="Events in the log that the read model does not show yet.")
    nodes: list[NodePresence]


class EventView(View):
    """One entry of the log. `event` is null for an entry that no catalogue entry can read; `problem` says why."""

    position: int
    subject: str
    type: str = Field(description="The event's type.")
    version: int = Field(description="Version of the type's schema.")
    time: datetime | None
    event_id: str | None
    source: str | None
    actor: str | None
    correlation_id: str | None
    causation_id: str | None
    event: dict[str, JsonValue] | None
    problem: str | None = None
