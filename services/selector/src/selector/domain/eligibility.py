"""Who may be a parent (SEL-1 to SEL-6, CNT-3, SEL-13)."""

from __future__ import annotations

from selector.domain.frontier import ParentCandidate, RunFrontier, StepFrontier
from selector.domain.rules import Limits


def child_limit(run: RunFrontier, child_step: StepFrontier) -> int:
    """How many children one parent gets at `child_step`: N, or the step's own cap (SEL-13)."""
    return run.n if child_step.child_cap is None else child_step.child_cap


def possible_parents(run: RunFrontier, limits: Limits) -> tuple[ParentCandidate, ...]:
    """All candidates of the run that may get another child, in creation order."""
    found = (candidate for candidate in run.candidates if may_be_parent(run, candidate, limits))
    return tuple(sorted(found, key=lambda candidate: candidate.position))


def may_be_parent(run: RunFrontier, candidate: ParentCandidate, limits: Limits) -> bool:
    """Live (SEL-1, SEL-2, SEL-4), not final (SEL-3), below its child limit with work under way counted (SEL-5), not
    failing (SEL-6), its file still there, and the step of its children not paused (FAIL-5).
    """
    child_step = run.step_after(candidate.step_order)
    return (
        candidate.live
        and child_step is not None
        and not child_step.paused
        and candidate.occupancy < child_limit(run, child_step)
        and candidate.failures < limits.parent_failures_max
        and not candidate.discarded
    )
