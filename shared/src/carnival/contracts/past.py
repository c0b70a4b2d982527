"""A run as it was: what is asked of the projector, and what it answers. Both travel over plain NATS.

Members are named like the columns of the read model, and hold what those held at that position.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from carnival.contracts.envelope import Value
from carnival.contracts.ids import CandidateId, JobId, Position, RunId, VoteId
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Profile, Raffle, RunPolicy
from carnival.contracts.vote import Outcome

CANDIDATES_MAX: Final = 500
"""Candidates of one answer: about half a megabyte."""
VOTES_MAX: Final = 1000


WITHOUT_MAX: Final = 50_000


class Altered(Value):
    """A history told with other settings: these, all along; None leaves what was."""

    n: Annotated[int, Field(ge=1)] | None = None
    t: Annotated[int, Field(ge=0)] | None = None
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle | None = None


class RunAtAsked(Value):
    """`run_id` as it was when the log ended at `position`.

    The answer holds up to `candidates_max` candidates by creation: those created behind `after`, of a step if
    `step_order` names one, touched behind `since` if that is given. Or up to `votes_max` votes that stood then, those
    cast behind `after`. `altered`, and `without` (events that are to have no effect), tell another history than the
    real one.
    """

    run_id: RunId
    position: Position
    candidates_max: Annotated[int, Field(ge=0, le=CANDIDATES_MAX)] = 0
    after: Position = Position(0)
    step_order: int | None = None
    votes_max: Annotated[int, Field(ge=0, le=VOTES_MAX)] = 0
    since: Position | None = None
    altered: Altered = Altered()
    without: Annotated[tuple[Position, ...], Field(max_length=WITHOUT_MAX)] = ()


class RunFacts(Value):
    run_id: RunId
    name: str
    profile: Profile
    status: str
    paused: bool
    pause_reason: str
    n: int
    t: int
    ceilings: Ceilings
    last_job_number: int
    open_jobs: int
    open_live_jobs: int
    live_finals: int
    images: int
    votes: int
    gpu_seconds: float
    winner_id: CandidateId | None
    rating: RatingChoice | None
    policy: RunPolicy | None = None
    raffle: Raffle = Raffle()
    created_position: Position
    last_position: Position
    served_position: Position


class ColumnFacts(Value):
    step_order: int
    approved_k: int | None
    approved_position: Position | None
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


class CandidateFacts(Value):
    candidate_id: CandidateId
    step_order: int
    is_final: bool
    parent_id: CandidateId | None
    root_id: CandidateId
    depth: int
    job_id: JobId
    job_number: int
    status: str
    live: bool
    reject_reason: str | None
    reject_note: str
    reject_walk: str | None
    rating: int
    votes: int
    both_bad: int
    failures: int
    children: int
    live_children: int
    open_jobs: int
    place: str
    sha256: str
    pixel_sha256: str | None
    same_as: CandidateId | None
    size_bytes: int
    width: int
    height: int
    media_type: str
    discarded: bool
    down_since: datetime | None
    seed: int
    node: str
    gpu_seconds: float
    created_at: datetime
    position: Position
    source_id: CandidateId | None


class OpenJobFacts(Value):
    """A job that was pending or submitted."""

    job_id: JobId
    number: int
    step_order: int
    parent_id: CandidateId | None
    pool: str
    state: str
    seed: int
    mode: str
    gateway: str | None
    node: str | None
    prompt_id: str | None
    attempt: int
    requested_at: datetime
    submitted_at: datetime | None
    position: Position


class VoteFacts(Value):
    """A vote that counted; a guest's counts once it is merged."""

    vote_id: VoteId
    step_order: int
    voter: str
    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    milliseconds: int | None
    cast_at: datetime
    position: Position


class RunAt(Value):
    """A run at `position`. `next` is the `after` of the next candidates or votes, None behind the last ones."""

    position: Position
    run: RunFacts
    columns: tuple[ColumnFacts, ...]
    open_jobs: tuple[OpenJobFacts, ...]
    candidates: tuple[CandidateFacts, ...] = ()
    votes: tuple[VoteFacts, ...] = ()
    next: Position | None = None


class PastProblem(StrEnum):
    """Why there is no answer."""

    UNKNOWN_RUN = "unknown_run"
    """The run had not begun."""
    BEHIND = "behind"
    """The read model does not go so far yet: which events count there is not known."""
    TOO_LONG = "too_long"
    """Folding took too long. What was done is kept a while, so that asking again goes further."""
    UNAVAILABLE = "unavailable"
    """The log or the store did not answer."""


class RunAtAnswer(Value):
    """Either `found`, or why not."""

    found: RunAt | None = None
    problem: PastProblem | None = None
