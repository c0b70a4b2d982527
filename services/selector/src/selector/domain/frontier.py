"""What a choice needs to know: the growing edge of a run's tree. Facts only; the rules are in the modules beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.run import Ceilings, Profile, Raffle, RunPolicy

NO_CEILINGS: Final = Ceilings()
LINEAR: Final = Raffle()


class RunStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFrontier:
    """One step as this run uses it. `live` and `open_jobs` count the candidates of its column and the jobs for it."""

    order: int
    pool: str
    child_cap: int | None = None
    paused: bool = False
    approved_k: int | None = None
    live: int = 0
    open_jobs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentCandidate:
    """A candidate that may become a parent. `occupancy` is live children + open jobs (CNT-3), `position` its age."""

    candidate_id: CandidateId
    run_id: RunId
    step_order: int
    rating: int
    occupancy: int
    failures: int
    live: bool
    discarded: bool = False
    position: Position
    place: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFrontier:
    """One run. `steps` are sorted by order. `policy` None is that of the selector.

    `candidates` hold at least every possible parent of an autonomous run, and the approved best of each approved column
    of a gated one; more do no harm. `last_position` is the run's last event in the log, `unsettled` that something of
    our own stands in the log whose consequences this state does not show yet.
    """

    run_id: RunId
    profile: Profile = Profile.AUTONOMOUS
    policy: RunPolicy | None = None
    raffle: Raffle = LINEAR
    status: RunStatus
    paused: bool
    n: int
    t: int
    ceilings: Ceilings = NO_CEILINGS
    seed_start: int
    last_job_number: int
    open_jobs: int
    open_live_jobs: int
    live_finals: int
    images: int
    gpu_seconds: float
    created_position: Position
    last_position: Position
    served_position: Position
    steps: tuple[StepFrontier, ...]
    candidates: tuple[ParentCandidate, ...] = ()
    unsettled: bool = False

    @property
    def first_step(self) -> StepFrontier:
        return self.steps[0]

    def step_after(self, order: int) -> StepFrontier | None:
        """SEL-9: the step with the smallest order above `order`; None behind the final one."""
        return next((step for step in self.steps if step.order > order), None)


@dataclass(frozen=True, slots=True)
class RunInTurn:
    """An active run: its place in creation order, its last event, its policy. Enough to know whose turn it is."""

    run_id: RunId
    created_position: Position
    last_position: Position
    policy: RunPolicy | None = None
