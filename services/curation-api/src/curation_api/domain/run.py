"""What people may do to a run as a whole (RUN-5, RUN-7, RUN-8, FAIL-5)."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.ids import RunId
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import (
    Ceilings,
    Raffle,
    RunChanged,
    RunCompleted,
    RunPaused,
    RunPolicy,
    RunResumed,
    StepResumed,
)
from curation_api.domain.rating import checked_choice
from curation_api.domain.refusals import BadText, NothingToChange, RunEnded, StepUnknown

COMPLETED = "completed"
LINEAR = Raffle()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRun:
    """New settings; None leaves a setting as it is."""

    name: str | None = None
    n: int | None = None
    t: int | None = None
    ceilings: Ceilings | None = None
    rating: RatingChoice | None = None
    follows_promoted: bool = False
    policy: RunPolicy | None = None
    raffle: Raffle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run as the read model has it."""

    run_id: RunId
    name: str
    status: str
    paused: bool
    n: int
    t: int
    profile: str
    ceilings: Ceilings
    winner_id: str | None
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle = LINEAR

    @property
    def completed(self) -> bool:
        return self.status == COMPLETED


def change_run(run: RunState, command: ChangeRun) -> RunChanged | None:
    """What really changes; None if nothing does. Raises NothingToChange, BadText, BadRatingSystem, RunEnded."""
    if command == ChangeRun():
        raise NothingToChange("Name at least one of name, n, t, ceilings, rating, follows_promoted, policy and raffle")
    if command.rating is not None:
        checked_choice(command.rating.system, command.rating.settings)
    if command.name is not None and not command.name.strip():
        raise BadText("A run's name cannot be blank")
    _refuse_completed(run)
    name = command.name.strip() if command.name is not None else None
    change = RunChanged(
        run_id=run.run_id,
        name=name if name != run.name else None,
        n=command.n if command.n != run.n else None,
        t=command.t if command.t != run.t else None,
        ceilings=command.ceilings if command.ceilings != run.ceilings else None,
        rating=command.rating if command.rating != run.rating and not command.follows_promoted else None,
        follows_promoted=command.follows_promoted and run.rating is not None,
        policy=command.policy if command.policy != run.policy else None,
        raffle=command.raffle if command.raffle != run.raffle else None,
    )
    return None if change == RunChanged(run_id=run.run_id) else change


def pause_run(run: RunState, reason: str) -> RunPaused | None:
    """RUN-8. None if the run is paused already. Raises RunEnded."""
    _refuse_completed(run)
    return None if run.paused else RunPaused(run_id=run.run_id, reason=reason)


def resume_run(run: RunState) -> RunResumed | None:
    """None if the run is not paused. Raises RunEnded."""
    _refuse_completed(run)
    return RunResumed(run_id=run.run_id) if run.paused else None


def complete_run(run: RunState) -> RunCompleted | None:
    """RUN-5. None if the run is completed already."""
    return None if run.completed else RunCompleted(run_id=run.run_id)


def resume_step(run: RunState, step_order: int, paused: bool | None) -> StepResumed | None:
    """FAIL-5. `paused` is None for a step the run does not have. Raises StepUnknown, RunEnded."""
    if paused is None:
        raise StepUnknown(f"The run has no step of order {step_order}")
    _refuse_completed(run)
    return StepResumed(run_id=run.run_id, step_order=step_order) if paused else None


def _refuse_completed(run: RunState) -> None:
    if run.completed:
        raise RunEnded(f"The run {run.name!r} is completed")
