"""What a run has to do next, before any draw: so that asking for it costs nothing and has no effect (SEL-14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from selector.domain.frontier import ParentCandidate, RunFrontier, StepFrontier


class Obstacle(StrEnum):
    """Why a run gets no job now."""

    NO_ACTIVE_RUN = "no_active_run"
    UNKNOWN_RUN = "unknown_run"
    RUN_COMPLETED = "run_completed"
    RUN_FAILED = "run_failed"
    RUN_PAUSED = "run_paused"
    NO_STEPS = "no_steps"
    IMAGES_REACHED = "images_reached"
    GPU_SECONDS_REACHED = "gpu_seconds_reached"
    DEADLINE_PASSED = "deadline_passed"
    STEP_PAUSED = "step_paused"
    POOL_FULL = "pool_full"
    TARGET_REACHED = "target_reached"
    """T live finals are there and every tree is filled up."""
    TARGET_PROMISED = "target_promised"
    """Live finals and open jobs together make T (DEF-3)."""
    FILLED = "filled"
    """Gated: everything allowed so far has all its images, made or under way."""
    UNSETTLED = "unsettled"
    """Our own last event about the run is not in the read model yet."""


@dataclass(frozen=True, slots=True)
class ChildWork:
    """A child is wanted; `competitors`, in creation order, may be its parent. All stand in one column."""

    step_order: int
    competitors: tuple[ParentCandidate, ...]


@dataclass(frozen=True, slots=True)
class BaseWork:
    """A base image is wanted for this very run (RUN-4)."""

    run: RunFrontier
    step: StepFrontier


@dataclass(frozen=True, slots=True)
class NoWork:
    """Nothing to do, and why."""

    reason: Obstacle


@dataclass(frozen=True, slots=True)
class WaitingForApproval:
    """Gated: nothing can be made before a person approves this step (GATE-2)."""

    run: RunFrontier
    step: StepFrontier


Work = ChildWork | BaseWork | NoWork | WaitingForApproval
