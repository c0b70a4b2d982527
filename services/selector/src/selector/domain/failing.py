"""Parents and steps that fail too often (FAIL-2, FAIL-5, PAY-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnival.contracts.candidate import CandidateRejected, RejectionReason
from carnival.contracts.ids import CandidateId, Position, RunId, derived_id
from carnival.contracts.job import FailureClass
from carnival.contracts.run import StepPaused
from selector.domain.rules import Limits

MESSAGE_CHARACTERS_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingParent:
    """A live candidate below which jobs failed. `run_position` is its run's last event."""

    candidate_id: CandidateId
    run_id: RunId
    failures: int
    run_position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingStep:
    """A step of a run whose last jobs failed, and how the last one did."""

    run_id: RunId
    step_order: int
    paused: bool
    consecutive_failures: int
    failure_class: FailureClass | None
    message: str
    run_position: Position


def rejection(parent: FailingParent, limits: Limits) -> CandidateRejected | None:
    """FAIL-2: as by a kill, with the reason recorded."""
    if parent.failures < limits.parent_failures_max:
        return None
    return CandidateRejected(
        run_id=parent.run_id,
        candidate_id=parent.candidate_id,
        reason=RejectionReason.FAILURES,
        note=f"{parent.failures} jobs below this image failed",
    )


def rejection_id(event: CandidateRejected, position: Position) -> str:
    """Event id of a rejection decided on the run as it was at `position`."""
    return derived_id(event.wire_name, event.candidate_id, position)


def step_pause(step: FailingStep, step_failures_max: int) -> StepPaused | None:
    """A broken template pauses its step at once (PAY-8), other failures when they repeat (FAIL-5)."""
    bearable = 1 if step.failure_class is FailureClass.GRAPH else step_failures_max
    if step.paused or step.consecutive_failures < bearable:
        return None
    return StepPaused(
        run_id=step.run_id,
        step_order=step.step_order,
        reason=_reason(step)[:MESSAGE_CHARACTERS_MAX],
        consecutive_failures=step.consecutive_failures,
    )


def step_pause_id(event: StepPaused, position: Position) -> str:
    """Event id of a pause decided on the run as it was at `position`."""
    return derived_id(event.wire_name, event.run_id, event.step_order, position)


def _reason(step: FailingStep) -> str:
    if step.failure_class is FailureClass.GRAPH:
        return f"The workflow is refused: {step.message}"
    return f"{step.consecutive_failures} jobs in a row failed, the last one with: {step.message}"
