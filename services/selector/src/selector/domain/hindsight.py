"""A recorded decision, taken again on a state that was told otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from carnival.contracts.ids import CandidateId
from carnival.contracts.job import Decision, JobRequested
from carnival.contracts.run import RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration, Choice, choose_next_job
from selector.domain.frontier import RunFrontier
from selector.domain.overlay import with_open_job
from selector.domain.raffle import Draw
from selector.domain.request import decision_of
from selector.domain.rules import Limits
from selector.domain.work import NoWork, WaitingForApproval

EXTRA_MAX: Final = 1000
NO_PARENT: Final = "no_parent"
WAITING: Final = "waiting_for_approval"
ENDLESS: Final = "others_first"


@dataclass(frozen=True, slots=True)
class Wish:
    """A job that would have been asked for, whose image nobody knows."""

    step_order: int
    parent_id: CandidateId | None


@dataclass(frozen=True, slots=True)
class StillAsked:
    """It would have been asked for, after the jobs `before` it.

    `same`: the decision is the recorded one in all it says; `drawn_otherwise`: another competitor would have won.
    Raffles over several runs are not drawn again: they are the same as long as the winner takes part.
    """

    before: tuple[Wish, ...] = ()
    same: bool = False
    drawn_otherwise: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """It would not have been asked for, whatever room there was."""

    reason: str


def with_wishes(run: RunFrontier, wishes: Iterable[Wish]) -> RunFrontier:
    """The run with jobs under way that the log does not know. Below a dead parent nobody waits for one."""
    live = {candidate.candidate_id for candidate in run.candidates if candidate.live}
    for wish in wishes:
        if wish.parent_id is None or wish.parent_id in live:
            run = with_open_job(run, wish.step_order, wish.parent_id)
    return run


def taken_again(run: RunFrontier, job: JobRequested, limits: Limits) -> Choice:
    """The choice on `run` in the place of the recorded one: at its time, with its draw, its pool having room.

    Which other pools had room is not recorded. It need not be: what was chosen came first of all that had room, so it
    comes first of what its own pool takes.
    """
    return choose_next_job(
        [run],
        RunPolicy.ROUND_ROBIN,
        limits,
        _same_place_on_the_wheel(job.decision),
        datetime.fromtimestamp(job.moment_ms / 1000, UTC),
        has_room=lambda pool: pool == job.pool,
    )


def reconsidered(
    run: RunFrontier, job: JobRequested, limits: Limits, policy: RunPolicy | None = None
) -> StillAsked | LeftOut:
    """Whether `job` would have been asked for on `run`, if need be after all that comes first.

    `policy` round_robin takes a run out of the pool of several: it then draws among its own.
    """
    pooled = job.decision.policy == RunPolicy.GLOBAL and policy is not RunPolicy.ROUND_ROBIN
    parent_id = job.parent.candidate_id if job.parent else None
    if parent_id is not None and all(candidate.candidate_id != parent_id for candidate in run.candidates):
        return LeftOut(NO_PARENT)
    before = list[Wish]()
    while len(before) < EXTRA_MAX:
        choice = taken_again(run, job, limits)
        match choice:
            case ChildGeneration(competitors=competitors, raffle=raffle, step=step):
                if any(one.candidate_id == parent_id for one in competitors):
                    won = pooled or raffle.winner.candidate_id == parent_id
                    return StillAsked(tuple(before), won and _is_recorded(choice, job, pooled=pooled), not won)
                wish = Wish(step.order, raffle.winner.candidate_id)
            case BaseGeneration(step=step):
                if parent_id is None:
                    return StillAsked(tuple(before), _is_recorded(choice, job, pooled=pooled))
                wish = Wish(step.order, None)
            case NoWork(reason=reason):
                return LeftOut(reason.value)
            case WaitingForApproval():
                return LeftOut(WAITING)
        before.append(wish)
        run = with_open_job(run, wish.step_order, wish.parent_id)
    return LeftOut(ENDLESS)


def _is_recorded(choice: ChildGeneration | BaseGeneration, job: JobRequested, *, pooled: bool) -> bool:
    """Mode, competitors, tickets and draw, and the step they lead to. `pooled`: other runs took part (RUN-3)."""
    again = decision_of(choice, RunPolicy.ROUND_ROBIN, job.decision.read_position)
    return choice.step.order == job.step_order and (pooled or again == job.decision)


def _same_place_on_the_wheel(decision: Decision) -> Draw:
    """The recorded draw, on a wheel with as many tickets as there are now."""
    recorded_total = decision.tickets_total or decision.competitors_total

    def draw(total: int) -> int:
        if decision.draw is None or recorded_total == 0:
            return 0
        return decision.draw * total // recorded_total

    return draw
