"""Targets, percentages and why a run stands still (DASH-2, DASH-3, RUN-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from carnival.contracts.run import Ceilings, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """One column of a run. `cap` is the step's own child cap, None for N."""

    order: int
    cap: int | None
    live: int
    approved_k: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a column aims at: None where it aims at nothing by itself."""

    order: int
    target: int | None
    percent: int | None
    complete: bool


class Halt(StrEnum):
    """Why no new jobs of a run are asked for."""

    COMPLETED = "completed"
    PAUSED = "paused"
    IMAGES_REACHED = "images_reached"
    GPU_SECONDS_REACHED = "gpu_seconds_reached"
    DEADLINE_PASSED = "deadline_passed"


class Cause(StrEnum):
    """What of an active run waits for a person."""

    GATE = "gate"
    STEP_PAUSED = "step_paused"
    RUN_PAUSED = "run_paused"
    CEILING = "ceiling"


def percent(done: int, target: int) -> int:
    """`done` of `target` in whole percent, half rounds up; 0 without a target."""
    return (200 * done + target) // (2 * target) if target > 0 else 0


def goals(steps: Sequence[StepFigures], profile: str, n: int, t: int) -> tuple[Goal, ...]:
    """A goal per step, in their order."""
    targets = _gated_targets(steps, n) if profile == Profile.GATED else _autonomous_targets(steps, t)
    return tuple(_goal(step, target) for step, target in zip(steps, targets, strict=True))


def halts(
    *, status: str, paused: bool, images: int, open_jobs: int, gpu_seconds: float, ceilings: Ceilings, now: datetime
) -> tuple[Halt, ...]:
    """All reasons that hold now, none for a run that may grow.

    The selector's own tests: images under way count towards the ceiling of images, so that it is never overshot.
    """
    reasons = {
        Halt.COMPLETED: status == "completed",
        Halt.PAUSED: paused,
        Halt.IMAGES_REACHED: ceilings.images is not None and images + open_jobs >= ceilings.images,
        Halt.GPU_SECONDS_REACHED: ceilings.gpu_seconds is not None and gpu_seconds >= ceilings.gpu_seconds,
        Halt.DEADLINE_PASSED: ceilings.deadline is not None and now >= ceilings.deadline,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _gated_targets(steps: Sequence[StepFigures], n: int) -> list[int | None]:
    targets: list[int | None] = []
    for place, step in enumerate(steps):
        before = steps[place - 1] if place else None
        if before is None:
            targets.append(n)
        else:
            targets.append(min(before.approved_k or 0, before.live) * (step.cap or n))
    return targets


def _autonomous_targets(steps: Sequence[StepFigures], t: int) -> list[int | None]:
    return [t if place == len(steps) - 1 else None for place in range(len(steps))]


def _goal(step: StepFigures, target: int | None) -> Goal:
    if target is None:
        return Goal(order=step.order, target=None, percent=None, complete=False)
    complete = target > 0 and step.live >= target
    return Goal(order=step.order, target=target, percent=percent(step.live, target), complete=complete)
