"""The choice: which job is made next, over all runs (SEL, RUN)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.run import Profile, Raffle, RunPolicy
from selector.domain.autonomous import autonomous_work
from selector.domain.ceilings import ceiling_reached
from selector.domain.frontier import ParentCandidate, RunFrontier, RunStatus, StepFrontier
from selector.domain.gated import gated_work
from selector.domain.raffle import LINEAR, Draw, RaffleResult, hold_raffle
from selector.domain.rules import HasRoom, Limits
from selector.domain.turn import turns
from selector.domain.work import BaseWork, ChildWork, NoWork, Obstacle, WaitingForApproval, Work

NOBODY_SERVED: Final = Position(0)


@dataclass(frozen=True, slots=True)
class ChildGeneration:
    """Make a child of `raffle.winner` at `step`."""

    run: RunFrontier
    step: StepFrontier
    competitors: tuple[ParentCandidate, ...]
    raffle: RaffleResult


@dataclass(frozen=True, slots=True)
class BaseGeneration:
    """Make a base image at the run's first step."""

    run: RunFrontier
    step: StepFrontier


Choice = ChildGeneration | BaseGeneration | NoWork | WaitingForApproval


def choose_next_job(
    runs: Sequence[RunFrontier],
    policy: RunPolicy,
    limits: Limits,
    draw: Draw,
    now: datetime,
    *,
    last_served: Position = NOBODY_SERVED,
    has_room: HasRoom = lambda _: True,
) -> Choice:
    """The next job over `runs`; `policy` is that of runs without one of their own.

    Equal arguments and equal draws give the equal choice.
    """
    work = next_work(runs, policy, limits, now, last_served=last_served, has_room=has_room)
    if isinstance(work, ChildWork):
        return _draw_parent(runs, work, draw)
    return BaseGeneration(work.run, work.step) if isinstance(work, BaseWork) else work


def next_work(
    runs: Sequence[RunFrontier],
    policy: RunPolicy,
    limits: Limits,
    now: datetime,
    *,
    last_served: Position = NOBODY_SERVED,
    has_room: HasRoom = lambda _: True,
) -> Work:
    """What comes next over `runs`, before any draw (SEL-14)."""
    return _first_in_turn(
        _together([work_of(run, limits, now, has_room) for run in group]) for group in turns(runs, policy, last_served)
    )


def work_of(run: RunFrontier, limits: Limits, now: datetime, has_room: HasRoom = lambda _: True) -> Work:
    """What this run has to do next. The very test that says whether it has work in its turn (RUN-2)."""
    obstacle = _inactive(run) or ceiling_reached(run, now)
    if obstacle is not None:
        return NoWork(obstacle)
    return (gated_work if run.profile is Profile.GATED else autonomous_work)(run, limits, has_room)


def _inactive(run: RunFrontier) -> Obstacle | None:
    """SEL-7, RUN-5, RUN-8, DEF-5."""
    if run.status is RunStatus.COMPLETED:
        return Obstacle.RUN_COMPLETED
    if run.status is RunStatus.FAILED:
        return Obstacle.RUN_FAILED
    if run.paused:
        return Obstacle.RUN_PAUSED
    if not run.steps:
        return Obstacle.NO_STEPS
    return Obstacle.UNSETTLED if run.unsettled else None


def _first_in_turn(works: Iterable[Work]) -> Work:
    """RUN-2; a waiting run holds up nobody (GATE-7)."""
    idle: Work | None = None
    for work in works:
        if isinstance(work, ChildWork | BaseWork):
            return work
        idle = _plainer(idle, work)
    return idle or NoWork(Obstacle.NO_ACTIVE_RUN)


def _together(works: Sequence[Work]) -> Work:
    """RUN-3: runs that have one turn are one pool; base images only when none of them has a parent to serve."""
    children = [work for work in works if isinstance(work, ChildWork)]
    if not children:
        return _first_in_turn(works)
    order = max(work.step_order for work in children)
    pooled = (parent for work in children if work.step_order == order for parent in work.competitors)
    return ChildWork(order, tuple(sorted(pooled, key=lambda parent: parent.position)))


def _plainer(known: Work | None, other: Work) -> Work:
    """Of several idle runs a waiting one says most to a person, else the first in turn."""
    if known is None or (isinstance(other, WaitingForApproval) and not isinstance(known, WaitingForApproval)):
        return other
    return known


def raffle_of(runs: Sequence[RunFrontier], work: ChildWork) -> Raffle:
    """That of the run if one alone competes; ratings of several are compared as they are."""
    competing = {parent.run_id for parent in work.competitors}
    return next(run.raffle for run in runs if run.run_id in competing) if len(competing) == 1 else LINEAR


def _draw_parent(runs: Sequence[RunFrontier], work: ChildWork, draw: Draw) -> ChildGeneration:
    raffle = hold_raffle(work.competitors, draw, raffle_of(runs, work))
    run = next(run for run in runs if run.run_id == raffle.winner.run_id)
    step = run.step_after(raffle.winner.step_order)
    if step is None:
        raise ValueError(f"candidate {raffle.winner.candidate_id} of the final step was chosen as parent")
    return ChildGeneration(run, step, work.competitors, raffle)
