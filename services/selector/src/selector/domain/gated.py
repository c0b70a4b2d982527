"""The gated profile: step by step, each one approved by a person (GATE)."""

from __future__ import annotations

from selector.domain.eligibility import may_be_parent
from selector.domain.frontier import ParentCandidate, RunFrontier, StepFrontier
from selector.domain.rules import HasRoom, Limits
from selector.domain.work import BaseWork, ChildWork, NoWork, Obstacle, WaitingForApproval, Work


def gated_work(run: RunFrontier, limits: Limits, has_room: HasRoom) -> Work:
    """Breadth first: base images up to N, then the lowest step with an unfilled approved parent (GATE-1, GATE-5)."""
    blocked: Obstacle | None = None
    first = run.first_step
    if first.live + first.open_jobs < run.n:
        if not first.paused and has_room(first.pool):
            return BaseWork(run, first)
        blocked = Obstacle.STEP_PAUSED if first.paused else Obstacle.POOL_FULL
    for step, child_step in zip(run.steps, run.steps[1:], strict=False):
        parents = _unfilled(run, step, limits)
        if parents and has_room(child_step.pool):
            return ChildWork(step.order, parents)
        if parents:
            blocked = Obstacle.POOL_FULL
    if blocked is Obstacle.POOL_FULL:
        return NoWork(blocked)
    waiting = next((step for step in run.steps[:-1] if step.live and step.approved_k is None), None)
    if waiting is not None:
        return WaitingForApproval(run, waiting)
    return NoWork(blocked or _standstill(run))


def approved_best(run: RunFrontier, step: StepFrontier) -> tuple[ParentCandidate, ...]:
    """The K best live candidates of an approved column, best first; of equals the older one (GATE-3, GATE-4)."""
    if step.approved_k is None:
        return ()
    column = (candidate for candidate in run.candidates if candidate.live and candidate.step_order == step.order)
    return tuple(sorted(column, key=lambda candidate: (-candidate.rating, candidate.position))[: step.approved_k])


def _unfilled(run: RunFrontier, step: StepFrontier, limits: Limits) -> tuple[ParentCandidate, ...]:
    parents = (candidate for candidate in approved_best(run, step) if may_be_parent(run, candidate, limits))
    return tuple(sorted(parents, key=lambda candidate: candidate.position))


def _standstill(run: RunFrontier) -> Obstacle:
    return Obstacle.STEP_PAUSED if any(step.paused for step in run.steps) else Obstacle.FILLED
