"""Parents and steps that fail too often (FAIL-2, FAIL-5, PAY-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnival.contracts.candidate import CandidateRejected, RejectionReason
from carnival.contracts.ids import CandidateId, Position, RunId, derived_id
from carnival.contracts.job import FailureClass, FailureCode
from carnival.contracts.run import StepPaused
from selector.domain.rules import Limits

MESSAGE_CHARACTERS_MAX: Final = 300
MEMORY_FAILURES_MAX: Final = 2
"""Each of them was tried at every server that could have had enough; the next one will not go better."""


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
    failure_code: FailureCode | None
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
    """A step that cannot go well is paused at once (PAY-8), others when failures repeat (FAIL-5)."""
    if step.paused or step.consecutive_failures < _bearable(step, step_failures_max):
        return None
    return StepPaused(
        run_id=step.run_id,
        step_order=step.step_order,
        reason=_reason(step),
        consecutive_failures=step.consecutive_failures,
    )


def step_pause_id(event: StepPaused, position: Position) -> str:
    """Event id of a pause decided on the run as it was at `position`."""
    return derived_id(event.wire_name, event.run_id, event.step_order, position)


def _bearable(step: FailingStep, step_failures_max: int) -> int:
    """So many failures in a row, of which the last is the one shown. A missing parent says nothing of other parents."""
    match step.failure_class:
        case FailureClass.GRAPH:
            return 1
        case FailureClass.MISSING_ASSET:
            return 1 if step.failure_code is FailureCode.MISSING_ASSET else step_failures_max
        case FailureClass.MEMORY:
            return min(MEMORY_FAILURES_MAX, step_failures_max)
        case FailureClass.CONTENT | FailureClass.INFRASTRUCTURE | None:
            return step_failures_max


def _reason(step: FailingStep) -> str:
    """What happened, cut where it is too long, and how the step goes on."""
    way_out = f". When that is mended: carnival run resume {step.run_id} --step {step.step_order}"
    what = f"{_what(step)}: {step.message.rstrip('. ')}"
    room = MESSAGE_CHARACTERS_MAX - len(way_out)
    return (what if len(what) <= room else f"{what[: room - 1]}…") + way_out


def _what(step: FailingStep) -> str:
    match step.failure_class:
        case FailureClass.GRAPH:
            return "The workflow does not work"
        case FailureClass.MISSING_ASSET if step.failure_code is FailureCode.MISSING_ASSET:
            return "No server has what the workflow needs"
        case _:
            return f"{step.consecutive_failures} jobs in a row failed, the last one with"
