"""What requests about runs say."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from carnival.contracts.ids import PipelineId, Position
from carnival.contracts.past import Altered
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Profile, Raffle, RaffleWeights, RunPolicy
from curation_api.adapters.http.instants import Instant
from curation_api.adapters.http.parameters import INTEGER_MAX, POSITION_MAX
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Line, LongText, Name, Variables
from curation_api.application.replay.look_back import Moment
from curation_api.domain.fork import ForkRun
from curation_api.domain.run import ChangeRun
from curation_api.domain.run_start import StartRun

N_MAX = 10_000
T_MAX = 1_000_000
N_WORDS = "N: children an image may have at the most, where its step has no cap of its own."
T_WORDS = "T: live images of the last step that are wanted; with 0 no base image is made."
SECONDS_MAX = 1e10


class RunStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class CeilingsBody(RequestBody):
    """Limits that stop new jobs; null is no limit."""

    model_config = ConfigDict(allow_inf_nan=False)

    images: int | None = Field(default=None, ge=1, le=INTEGER_MAX, description="The most images there may ever be.")
    gpu_seconds: float | None = Field(default=None, gt=0, le=SECONDS_MAX, description="The most seconds of rendering.")
    deadline: Instant | None = None

    def ceilings(self) -> Ceilings:
        return Ceilings(images=self.images, gpu_seconds=self.gpu_seconds, deadline=self.deadline)


class RatingBody(RequestBody):
    """A rating system by name, with the settings that differ from its defaults (see GET /api/ratings)."""

    system: Name
    settings: Variables = Field(default={})

    def choice(self) -> RatingChoice:
        return RatingChoice(system=self.system, settings=self.settings)


class RaffleBody(RequestBody):
    """How ratings become tickets: `linear`, one a point; `boltzmann`, e times as many for each `temperature` of points
    more, so that the best win more often the lower it is."""

    model_config = ConfigDict(allow_inf_nan=False)

    weights: RaffleWeights = RaffleWeights.LINEAR
    temperature: float = Field(default=100.0, ge=1, le=10_000, description="Rating points; for boltzmann.")

    def raffle(self) -> Raffle:
        return Raffle(weights=self.weights, temperature=self.temperature)


class RunBody(RequestBody):
    pipeline_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    pipeline_version: int | None = Field(default=None, ge=1, le=INTEGER_MAX, description="The newest if absent.")
    name: Name | None = Field(default=None, description="The pipeline's name and the time if absent.")
    prompt: LongText | None = None
    variables: Variables = Field(default={})
    folder: Line | None = Field(default=None, description="Below the image root; made of day and name if absent.")
    profile: Profile = Profile.AUTONOMOUS
    n: int | None = Field(
        default=None,
        ge=1,
        le=N_MAX,
        description=f"{N_WORDS} Null: the hub's default, its setting PIPELINE_N, 5 unless it was changed.",
    )
    t: int | None = Field(
        default=None,
        ge=0,
        le=T_MAX,
        description=f"{T_WORDS} Null: the hub's default, its setting PIPELINE_T, 10 unless it was changed.",
    )
    ceilings: CeilingsBody = CeilingsBody()
    rating: RatingBody | None = Field(default=None, description="Pins the run to a rating system.")
    policy: RunPolicy | None = Field(
        default=None,
        description="round_robin takes turns, global shares one pool with others; absent: as the selector is set.",
    )
    raffle: RaffleBody = RaffleBody()

    def command(self, n: int, t: int) -> StartRun:
        """`n` and `t` are the defaults."""
        return StartRun(
            pipeline_id=PipelineId(self.pipeline_id),
            pipeline_version=self.pipeline_version,
            name=self.name,
            prompt=self.prompt,
            variables=self.variables,
            folder=self.folder,
            profile=self.profile,
            n=n if self.n is None else self.n,
            t=t if self.t is None else self.t,
            ceilings=self.ceilings.ceilings(),
            rating=self.rating.choice() if self.rating else None,
            policy=self.policy,
            raffle=self.raffle.raffle(),
        )


class ForkBody(RequestBody):
    """A moment, either position or time, and what is to be other than then."""

    position: int | None = Field(default=None, ge=0, le=POSITION_MAX, description="The moment, a log position.")
    time: Instant | None = Field(default=None, description="The moment as a time, instead of position.")
    name: Name | None = Field(default=None, description="The run's name and the position if absent.")
    prompt: LongText | None = None
    variables: Variables | None = None
    folder: Line | None = Field(default=None, description="For the images to come; made of day and name if absent.")
    profile: Profile | None = None
    n: int | None = Field(default=None, ge=1, le=N_MAX, description=f"{N_WORDS} Null: as it was at that moment.")
    t: int | None = Field(default=None, ge=0, le=T_MAX, description=f"{T_WORDS} Null: as it was at that moment.")
    ceilings: CeilingsBody | None = None
    rating: RatingBody | None = None
    policy: RunPolicy | None = None
    raffle: RaffleBody | None = None

    def moment(self) -> Moment:
        return Moment(position=None if self.position is None else Position(self.position), time=self.time)

    def command(self) -> ForkRun:
        return ForkRun(
            name=self.name,
            prompt=self.prompt,
            variables=self.variables,
            folder=self.folder,
            profile=self.profile,
            n=self.n,
            t=self.t,
            ceilings=self.ceilings.ceilings() if self.ceilings else None,
            rating=self.rating.choice() if self.rating else None,
            policy=self.policy,
            raffle=self.raffle.raffle() if self.raffle else None,
        )


class WhatIfBody(RequestBody):
    """Settings that the run is to have had all along; what is absent is as it was."""

    n: int | None = Field(default=None, ge=1, le=N_MAX, description=f"{N_WORDS} Null: as it was.")
    t: int | None = Field(default=None, ge=0, le=T_MAX, description=f"{T_WORDS} Null: as it was.")
    rating: RatingBody | None = None
    policy: Literal[RunPolicy.ROUND_ROBIN] | None = Field(
        default=None,
        description="Takes the run out of a pool it shared. The other way round needs the histories of all runs.",
    )
    raffle: RaffleBody | None = None
    position: int | None = Field(default=None, ge=0, le=POSITION_MAX, description="The history up to there; else all.")

    def altered(self) -> Altered:
        return Altered(
            n=self.n,
            t=self.t,
            rating=self.rating.choice() if self.rating else None,
            policy=self.policy,
            raffle=self.raffle.raffle() if self.raffle else None,
        )


class RunPatch(RequestBody):
    """What is absent or null stays as it is; `ceilings` replaces all ceilings."""

    name: Name | None = Field(default=None, description="Another name for the run; its folder stays.")
    n: int | None = Field(default=None, ge=1, le=N_MAX, description=f"{N_WORDS} Null: it stays.")
    t: int | None = Field(default=None, ge=0, le=T_MAX, description=f"{T_WORDS} Null: it stays.")
    ceilings: CeilingsBody | None = None
    rating: RatingBody | None = None
    follows_promoted: bool = Field(default=False, description="Ends the pinning to a rating system.")
    policy: RunPolicy | None = None
    raffle: RaffleBody | None = None

    def command(self) -> ChangeRun:
        return ChangeRun(
            name=self.name,
            n=self.n,
            t=self.t,
            ceilings=self.ceilings.ceilings() if self.ceilings else None,
            rating=self.rating.choice() if self.rating else None,
            follows_promoted=self.follows_promoted,
            policy=self.policy,
            raffle=self.raffle.raffle() if self.raffle else None,
        )


class PauseBody(RequestBody):
    reason: Line = Field(default="", description="Why, for those who wonder; shown with the run.")


class ApprovalBody(RequestBody):
    k: int = Field(ge=1, le=T_MAX, description="How many of the best live images may be parents.")


class WinnerBody(RequestBody):
    candidate_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
