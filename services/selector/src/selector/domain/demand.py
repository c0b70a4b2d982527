"""How many jobs there would be if nobody had to wait for a slot: what an autoscaler asks."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from carnival.contracts.ids import CandidateId
from selector.domain.choice import work_of
from selector.domain.frontier import RunFrontier, StepFrontier
from selector.domain.overlay import with_open_job
from selector.domain.rules import Limits
from selector.domain.work import BaseWork, ChildWork


def runnable_jobs(run: RunFrontier, limits: Limits, now: datetime, at_most: int) -> Counter[str]:
    """By pool, how many jobs the run could be given at once: the next one chosen again and again, on paper.

    Who of several competitors wins does not matter for their number; nothing is drawn.
    """
    found: Counter[str] = Counter()
    while found.total() < at_most and (wanted := _wanted(run, limits, now)) is not None:
        step, parent_id = wanted
        found[step.pool] += 1
        run = with_open_job(run, step.order, parent_id)
    return found


def _wanted(run: RunFrontier, limits: Limits, now: datetime) -> tuple[StepFrontier, CandidateId | None] | None:
    match work_of(run, limits, now):
        case ChildWork(order, competitors):
            step = run.step_after(order)
            return (step, competitors[0].candidate_id) if step else None
        case BaseWork(step=step):
            return step, None
        case _:
            return None
