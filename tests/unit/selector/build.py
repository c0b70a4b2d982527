"""Frontiers with sensible facts, so that tests state only what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.run import RunPolicy
from selector.domain.choice import ChildGeneration, Choice, choose_next_job
from selector.domain.frontier import ParentCandidate, RunFrontier, RunStatus, StepFrontier
from selector.domain.raffle import Draw
from selector.domain.rules import Limits

NOON: Final = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
LIMITS: Final = Limits(parent_failures_max=3)
STEPS: Final = (1, 2, 3)


def first(_: int) -> int:
    """A chance that always draws 0: the oldest competitor with a ticket wins."""
    return 0


def drawing(*numbers: int) -> Draw:
    """A chance that draws these numbers, one after the other."""
    waiting = list(numbers)
    return lambda _: waiting.pop(0)


def step(order: int, **facts: Any) -> StepFrontier:
    defaults: dict[str, Any] = {"order": order, "pool": "default"}
    return StepFrontier(**defaults | facts)


def parent(name: str, step_order: int = 1, **facts: Any) -> ParentCandidate:
    """A live candidate without children; its age is the number in its name, if there is one."""
    digits = "".join(filter(str.isdigit, name))
    defaults: dict[str, Any] = {
        "candidate_id": CandidateId(name),
        "run_id": RunId("r1"),
        "step_order": step_order,
        "rating": 1000,
        "occupancy": 0,
        "failures": 0,
        "live": True,
        "position": Position(int(digits or 0)),
        "place": f"f/{name}.png",
        "sha256": "0" * 64,
    }
    return ParentCandidate(**defaults | facts)


def run(*candidates: ParentCandidate, steps: Iterable[StepFrontier] | None = None, **facts: Any) -> RunFrontier:
    """A running run with N = 2, T = 3 and three steps."""
    defaults: dict[str, Any] = {
        "run_id": RunId("r1"),
        "status": RunStatus.RUNNING,
        "paused": False,
        "n": 2,
        "t": 3,
        "seed_start": 1_000_000,
        "last_job_number": 7,
        "open_jobs": 0,
        "open_live_jobs": 0,
        "live_finals": 0,
        "images": 0,
        "gpu_seconds": 0.0,
        "created_position": Position(2),
        "last_position": Position(50),
        "served_position": Position(0),
        "steps": tuple(step(order) for order in STEPS) if steps is None else tuple(steps),
        "candidates": candidates,
    }
    return RunFrontier(**defaults | facts)


def choose(
    *runs: RunFrontier,
    policy: RunPolicy = RunPolicy.ROUND_ROBIN,
    limits: Limits = LIMITS,
    draw: Draw = first,
    now: datetime = NOON,
    last_served: int = 0,
    has_room: Callable[[str], bool] = lambda _: True,
) -> Choice:
    return choose_next_job(runs, policy, limits, draw, now, last_served=Position(last_served), has_room=has_room)


def chosen_parent(*runs: RunFrontier, **arguments: Any) -> str:
    """The parent of the chosen child; fails if something else was chosen."""
    choice = choose(*runs, **arguments)
    assert isinstance(choice, ChildGeneration), choice
    return choice.raffle.winner.candidate_id


def competitors(*runs: RunFrontier, **arguments: Any) -> set[str]:
    choice = choose(*runs, **arguments)
    assert isinstance(choice, ChildGeneration), choice
    return {competitor.candidate_id for competitor in choice.competitors}
