"""Ceilings stop new jobs of a run (RUN-7)."""

from __future__ import annotations

from datetime import datetime

from selector.domain.frontier import RunFrontier
from selector.domain.work import Obstacle


def ceiling_reached(run: RunFrontier, now: datetime) -> Obstacle | None:
    """The ceiling that this run stands at. Images under way count, so that the ceiling is not overshot."""
    ceilings = run.ceilings
    if ceilings.images is not None and run.images + run.open_jobs >= ceilings.images:
        return Obstacle.CEILING_IMAGES
    if ceilings.gpu_seconds is not None and run.gpu_seconds >= ceilings.gpu_seconds:
        return Obstacle.CEILING_GPU_SECONDS
    if ceilings.deadline is not None and now >= ceilings.deadline:
        return Obstacle.CEILING_DEADLINE
    return None
