"""Events about a run as a whole, written by curation-api (StepPaused: by the selector)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from carnival.contracts.envelope import Event, Value
from carnival.contracts.ids import CandidateId, MatrixId, PipelineId, Position, RunId
from carnival.contracts.rating import RatingChoice


class Profile(StrEnum):
    """How a run grows: by itself, or waiting for an approval at every step (GATE)."""

    AUTONOMOUS = "autonomous"
    GATED = "gated"


class RunPolicy(StrEnum):
    """How a run shares the servers with others."""

    ROUND_ROBIN = "round_robin"
    """It takes its turn."""
    GLOBAL = "global"
    """It forms one pool of parents with all other runs of this policy; the pool takes its turn as one run does."""


class RaffleWeights(StrEnum):
    """How many tickets a rating is worth."""

    LINEAR = "linear"
    """One a rating point (RAF-1)."""
    BOLTZMANN = "boltzmann"
    """e times as many for each `temperature` of rating points more."""


class Raffle(Value):
    """How parents are drawn among the competitors of one run. `temperature`, in rating points, is for `boltzmann`: the
    lower it is, the surer the best one wins. Where several runs compete, tickets are linear."""

    weights: RaffleWeights = RaffleWeights.LINEAR
    temperature: Annotated[float, Field(ge=1, le=10_000, allow_inf_nan=False)] = 100.0


class Ceilings(Value):
    """Limits that stop new jobs of a run. None means no such limit. Times are UTC."""

    images: Annotated[int, Field(ge=1)] | None = None
    gpu_seconds: Annotated[float, Field(gt=0)] | None = None
    deadline: datetime | None = None


class MatrixCell(Value):
    """Where a run stands among those that were started together: `values` are the variables that tell it apart."""

    matrix_id: MatrixId
    number: Annotated[int, Field(ge=1)]
    values: dict[str, JsonValue]


class RunOrigin(Value):
    """The run and the moment that a forked run begins with. `last_job_number`: its own jobs are counted from there, so
    that no seed comes twice."""

    run_id: RunId
    position: Position
    last_job_number: Annotated[int, Field(ge=0)] = 0


class RunStarted(Event):
    """A run exists.

    `pipeline_position` is where its PipelineDefined stands in the log, so that a reader finds it at once.
    `n` is the child limit N, `t` the target of finals T. `folder` lies below the image store's root. `rating` pins the
    run to a rating system; without it the promoted one rates it. `policy` None is that of the selector. `cell` is its
    place in a matrix of runs; `origin` says that it is a fork, and TreeAdopted follows.
    """

    wire_name: ClassVar[str] = "RunStarted"

    run_id: RunId
    pipeline_id: PipelineId
    pipeline_version: int
    pipeline_position: Position
    name: Annotated[str, Field(min_length=1)]
    prompt: str | None = None
    variables: dict[str, JsonValue] = Field(default_factory=dict)
    folder: Annotated[str, Field(min_length=1)]
    profile: Profile = Profile.AUTONOMOUS
    n: Annotated[int, Field(ge=1)]
    t: Annotated[int, Field(ge=0)]
    ceilings: Ceilings = Ceilings()
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle = Raffle()
    cell: MatrixCell | None = None
    origin: RunOrigin | None = None


class RunChanged(Event):
    """New settings of a run; None leaves a setting as it is. `ceilings` replaces all ceilings at once.

    `rating` pins the run to a rating system, `follows_promoted` ends that.
    """

    wire_name: ClassVar[str] = "RunChanged"

    run_id: RunId
    name: Annotated[str, Field(min_length=1)] | None = None
    n: Annotated[int, Field(ge=1)] | None = None
    t: Annotated[int, Field(ge=0)] | None = None
    ceilings: Ceilings | None = None
    rating: RatingChoice | None = None
    follows_promoted: bool = False
    policy: RunPolicy | None = None
    raffle: Raffle | None = None


class RunPaused(Event):
    """No new jobs; what renders may finish, what waits is given back (RUN-8)."""

    wire_name: ClassVar[str] = "RunPaused"

    run_id: RunId
    reason: str = ""


class RunResumed(Event):
    wire_name: ClassVar[str] = "RunResumed"

    run_id: RunId


class RunCompleted(Event):
    """A person ended the run: no new jobs, for good (RUN-5)."""

    wire_name: ClassVar[str] = "RunCompleted"

    run_id: RunId


class StepApproved(Event):
    """Gated profile: the `k` best live images of this step may be parents (GATE-3)."""

    wire_name: ClassVar[str] = "StepApproved"

    run_id: RunId
    step_order: int
    k: Annotated[int, Field(ge=1)]


class StepPaused(Event):
    """Failures of one step of one run piled up; no new jobs at that step until a person resumes it (FAIL-5, PAY-8)."""

    wire_name: ClassVar[str] = "StepPaused"

    run_id: RunId
    step_order: int
    reason: str
    consecutive_failures: int = 0


class StepResumed(Event):
    wire_name: ClassVar[str] = "StepResumed"

    run_id: RunId
    step_order: int


class WinnerChosen(Event):
    """One winner a run; marking another one moves the mark (WIN-2)."""

    wire_name: ClassVar[str] = "WinnerChosen"

    run_id: RunId
    candidate_id: CandidateId


class WinnerCleared(Event):
    wire_name: ClassVar[str] = "WinnerCleared"

    run_id: RunId
