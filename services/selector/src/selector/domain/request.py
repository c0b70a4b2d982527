"""A choice becomes the event that asks for the job, with the whole decision inside (EVT-3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from carnival.contracts.ids import JobId, Position, RunId, derived_id
from carnival.contracts.job import (
    RECORDED_COMPETITORS_MAX,
    Competitor,
    Decision,
    JobRequested,
    ParentImage,
    SelectionMode,
)
from carnival.contracts.run import Raffle, RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.frontier import ParentCandidate
from selector.domain.raffle import Draw, tickets

SEED_START: Final = 1_000_000
RANDOM_BELOW: Final = 1_000_000_000
_WHOLE_NUMBER: Final = re.compile(r"(-?[0-9]{1,100})(?:\.0+)?")


def seed_start(text: str | None) -> int:
    """What the run's job numbers are added to: its variable `seed` as text, a whole number; 1000000 if none (SUB-7)."""
    whole = _WHOLE_NUMBER.fullmatch((text or "").strip())
    return int(whole[1]) if whole else SEED_START


def job_request(
    choice: ChildGeneration | BaseGeneration, policy: RunPolicy, read_position: Position, draw: Draw, now: datetime
) -> JobRequested:
    """The request for what was chosen on the state at `read_position`. Draws the system variable `random` (SUB-6)."""
    run = choice.run
    number = run.last_job_number + 1
    return JobRequested(
        run_id=run.run_id,
        job_id=JobId(derived_id("job", run.run_id, number)),
        number=number,
        step_order=choice.step.order,
        pool=choice.step.pool,
        parent=_parent_image(choice),
        seed=run.seed_start + number,
        random=draw(RANDOM_BELOW),
        moment_ms=int(now.timestamp() * 1000),
        decision=decision_of(choice, policy, read_position),
    )


def request_id(run_id: RunId, number: int) -> str:
    """Event id: one request per job number of a run, whoever makes it."""
    return derived_id(JobRequested.wire_name, run_id, number)


def recorded(competitors: Sequence[ParentCandidate], raffle: Raffle) -> tuple[Competitor, ...]:
    """The first competitors in creation order, as many as a record holds."""
    return tuple(
        Competitor(candidate_id=candidate.candidate_id, tickets=own)
        for candidate, own in islice(
            zip(competitors, tickets(competitors, raffle), strict=True), RECORDED_COMPETITORS_MAX
        )
    )


def decision_of(choice: ChildGeneration | BaseGeneration, policy: RunPolicy, read_position: Position) -> Decision:
    """What is recorded of a choice."""
    if isinstance(choice, BaseGeneration):
        return Decision(mode=SelectionMode.BASE_GENERATION, policy=policy, read_position=read_position)
    return Decision(
        mode=SelectionMode.CHILD_GENERATION,
        policy=policy,
        competitors_total=len(choice.competitors),
        tickets_total=choice.raffle.tickets_total,
        competitors=recorded(choice.competitors, choice.raffle.raffle),
        draw=choice.raffle.drawn,
        raffle=choice.raffle.raffle,
        read_position=read_position,
    )


def _parent_image(choice: ChildGeneration | BaseGeneration) -> ParentImage | None:
    if isinstance(choice, BaseGeneration):
        return None
    winner = choice.raffle.winner
    return ParentImage(candidate_id=winner.candidate_id, place=winner.place, sha256=winner.sha256)
