"""The rows of one run, linked to one another, as the fold changes them.

Each class mirrors a table. What never changes after birth stays in the recorded event (`requested`, `produced`, ...)
only until the row is written: then the link is dropped, and a row of a long run costs few bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import CandidateId, GuestLinkId, JobId, PipelineId, Position, RunId, VoteId
from carnival.contracts.job import JobRequested, StoredImage
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Raffle, RunPolicy, RunStarted
from carnival.contracts.vote import Outcome
from projector.domain.ballots import Ballots
from projector.domain.ratings.system import INITIAL, Standings


class RunStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"


class JobState(StrEnum):
    PENDING = "pending"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"

    @property
    def is_open(self) -> bool:
        return self is JobState.PENDING or self is JobState.SUBMITTED


BEFORE_ALL = Position(0)
LINEAR = Raffle()

LATE = "late"
"""Why a candidate is born rejected: its job had ended before its image arrived (JOB-8)."""


@dataclass(slots=True, eq=False, repr=False)
class Column:
    """All candidates of one step of one run: a row of `run_steps`, its members in creation order, and its votes.

    `pictures` are the oldest candidates by the hash of their pixels. `standings` are the ratings by the first
    `rated` votes; None: from the first vote on, when they are asked for. `outage_at_job` is the run's last job when a
    failure of infrastructure was last counted here.
    """

    run_id: RunId
    order: int
    is_final: bool
    following: Column | None = None
    written: bool = False
    approved_k: int | None = None
    approved_position: Position | None = None
    paused: bool = False
    pause_reason: str = ""
    consecutive_failures: int = 0
    last_failure_class: str | None = None
    last_failure_code: str | None = None
    last_failure_message: str | None = None
    outage_at_job: int = 0
    live: int = 0
    rejected: int = 0
    dead: int = 0
    open_jobs: int = 0
    members: list[Candidate] = field(default_factory=list)
    pictures: dict[str, CandidateId] = field(default_factory=dict)
    ballots: Ballots = field(default_factory=Ballots)
    standings: Standings | None = None
    rated: int = 0


@dataclass(slots=True, frozen=True, repr=False)
class Birth:
    """What is fixed when a candidate is made; written once. `source_id`: the candidate of another run it was."""

    job_id: JobId
    job_number: int
    seed: int
    node: str
    gpu_seconds: float
    image: StoredImage
    created_at: datetime
    position: Position
    source_id: CandidateId | None = None


@dataclass(slots=True, eq=False, repr=False)
class Candidate:
    """A row of `candidates`. `index` is its place in its column; `live` is kept right under every change.

    `same_as` is the oldest candidate of the column with the very same pixels; None for that one itself. `down_since` is
    when it was rejected or died, None while it is live.
    """

    candidate_id: CandidateId
    column: Column
    index: int
    parent: Candidate | None
    root_id: CandidateId
    depth: int
    rejected: bool
    live: bool
    reject_reason: str | None = None
    reject_note: str = ""
    rating: int = INITIAL
    reject_walk: str | None = None
    votes: int = 0
    both_bad: int = 0
    failures: int = 0
    live_children: int = 0
    open_jobs: int = 0
    discarded: bool = False
    same_as: CandidateId | None = None
    down_since: datetime | None = None
    offspring: list[Candidate] = field(default_factory=list)
    birth: Birth | None = None

    @property
    def picture(self) -> CandidateId:
        """Equal for the candidates of a column that show the same."""
        return self.same_as or self.candidate_id


@dataclass(slots=True, eq=False, repr=False)
class Job:
    """A row of `jobs`. `requested` is its JobRequested until the row is written."""

    job_id: JobId
    run_id: RunId
    number: int
    seed: int
    column: Column
    parent: Candidate | None
    requested: Recorded[JobRequested] | None = None
    state: JobState = JobState.PENDING
    gateway: str | None = None
    node: str | None = None
    prompt_id: str | None = None
    attempt: int = 0
    failure_class: str | None = None
    failure_code: str | None = None
    message: str | None = None
    cancel_reason: str | None = None
    candidate_id: CandidateId | None = None
    gpu_seconds: float = 0.0
    submitted_at: datetime | None = None
    ended_at: datetime | None = None


class StandingVote(NamedTuple):
    """A vote that was judged when it was cast, and let stand, as it was cast; whatever came of it later."""

    position: Position
    vote_id: VoteId
    step_order: int
    voter: str
    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    milliseconds: int | None
    guest_link: GuestLinkId | None
    cast_at: datetime


@dataclass(slots=True, eq=False)
class Vote:
    """A row of `votes`. `cast` is how it was cast, until the row is written.

    `guest_link` is the link by which a guest came, None for a member.
    """

    vote_id: VoteId
    run_id: RunId
    step_order: int
    voter: str
    position: Position
    guest_link: GuestLinkId | None
    cast: StandingVote | None = None
    retracted: bool = False
    merged: bool = False

    @property
    def counts(self) -> bool:
        """Whether ratings are made of it too."""
        return not self.retracted and (self.guest_link is None or self.merged)


@dataclass(slots=True, eq=False, repr=False)
class Run:
    """A row of `runs` with everything below it. `started` is its RunStarted until the row is written.

    `rating` is the system this run is pinned to; None: whatever is promoted. `policy` None is that of the selector.
    `guest_votes` are those of guests alone:
    they may be merged at any time.
    """

    run_id: RunId
    gated: bool
    name: str
    n: int
    t: int
    ceilings: Ceilings
    last_position: Position
    started: Recorded[RunStarted] | None = None
    status: RunStatus = RunStatus.PENDING
    paused: bool = False
    pause_reason: str = ""
    last_job_number: int = 0
    open_jobs: int = 0
    open_live_jobs: int = 0
    live_finals: int = 0
    images: int = 0
    votes: int = 0
    gpu_seconds: float = 0.0
    winner_id: CandidateId | None = None
    served_position: Position = BEFORE_ALL
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle = LINEAR
    first: Column | None = None
    columns: dict[int, Column] = field(default_factory=dict)
    candidates: dict[CandidateId, Candidate] = field(default_factory=dict)
    jobs: dict[JobId, Job] = field(default_factory=dict)
    guest_votes: dict[VoteId, Vote] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """About how many candidates' worth of memory this run takes."""
        votes = sum(len(column.ballots) for column in self.columns.values())
        return len(self.candidates) + len(self.jobs) + len(self.guest_votes) // 4 + votes // 16

    def take_apart(self) -> None:
        """For a run that nobody needs any more: as its rows point at one another, they would stay until the next search
        for garbage, which holds up everybody."""
        for column in self.columns.values():
            column.members.clear()
        for candidate in self.candidates.values():
            candidate.offspring.clear()


@dataclass(slots=True, frozen=True)
class PipelineVersion:
    """What runs need of one version: its step orders, ascending."""

    pipeline_id: PipelineId
    version: int
    orders: tuple[int, ...]


def link_columns(run_id: RunId, orders: tuple[int, ...]) -> dict[int, Column]:
    """Empty columns of a run, each knowing the one that follows (SEL-9); `orders` ascend, gaps are fine (MOD-2)."""
    columns: dict[int, Column] = {}
    following: Column | None = None
    for order in reversed(orders):
        following = Column(run_id, order, is_final=following is None, following=following)
        columns[order] = following
    return dict(reversed(columns.items()))
