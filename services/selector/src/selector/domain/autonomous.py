"""The profile that grows by itself: right to left, base images when finals are missing (SEL-8, SEL-12, DEF)."""

from __future__ import annotations

from selector.domain.deficit import has_deficit
from selector.domain.eligibility import possible_parents
from selector.domain.frontier import ParentCandidate, RunFrontier
from selector.domain.rules import HasRoom, Limits
from selector.domain.work import BaseWork, ChildWork, NoWork, Obstacle, Work


def autonomous_work(run: RunFrontier, limits: Limits, has_room: HasRoom) -> Work:
    """Child work before any base image (SEL-12).

    A parent whose children's pool is full waits, and those of the next column to the left may use the pools that are
    free. It still keeps base images away: otherwise a slow pool would be flooded with trees nobody can finish.
    """
    parents = possible_parents(run, limits)
    if not parents:
        return _base_work(run, has_room)
    servable = [parent for parent in parents if _has_room(run, parent, has_room)]
    if not servable:
        return NoWork(Obstacle.POOL_FULL)
    order = max(parent.step_order for parent in servable)
    return ChildWork(order, tuple(parent for parent in servable if parent.step_order == order))


def _base_work(run: RunFrontier, has_room: HasRoom) -> Work:
    """No base image while any step is paused: it could not become a final, so the deficit would never end."""
    if not has_deficit(run):
        return NoWork(Obstacle.TARGET_REACHED if run.live_finals >= run.t else Obstacle.TARGET_PROMISED)
    if any(step.paused for step in run.steps):
        return NoWork(Obstacle.STEP_PAUSED)
    if not has_room(run.first_step.pool):
        return NoWork(Obstacle.POOL_FULL)
    return BaseWork(run, run.first_step)


def _has_room(run: RunFrontier, parent: ParentCandidate, has_room: HasRoom) -> bool:
    child_step = run.step_after(parent.step_order)
    return child_step is not None and has_room(child_step.pool)
