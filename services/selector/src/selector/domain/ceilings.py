"""Ceilings stop new jobs of a run (RUN-7)."""

from __future__ import annotations

from datetime import datetime

from selector.domain.frontier import RunFrontier
from selector.domain.work import Obstacle


def ceiling_reached(run: RunFrontier, now: datetime) -> Obstacle | None:
    """The ceiling that this run stands at. Images under way count, so that the ceiling is not overshot."""
    ceilings = run.ceilings
    if ceilings.images is not None and run.images + run.open_jobs >= ceilings.images:
        return Obstacle.IMAGES_REACHED
    if ceilings.gpu_seconds is not None and run.gpu_seconds >= ceilings.gpu_seconds:
        return Obstacle.GPU_SECONDS_REACHED
    if ceilings.deadline is not None and now >= ceilings.deadline:
        return Obstacle.DEADLINE_PASSED
    return None
