"""The event that asks for a job: EVT-3, RAF-5, SUB-6, SUB-7."""

from __future__ import annotations

import pytest
from unit.selector.build import NOON, choose, drawing, parent, run

from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import JobRequested, SelectionMode
from carnival.contracts.run import RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.frontier import RunFrontier
from selector.domain.raffle import Draw
from selector.domain.request import job_request, request_id, seed_start


def requested(state: RunFrontier, draw: Draw) -> JobRequested:
    choice = choose(state, draw=draw)
    assert isinstance(choice, ChildGeneration | BaseGeneration)
    return job_request(choice, RunPolicy.ROUND_ROBIN, Position(77), draw, NOON)


def test_the_whole_decision_is_recorded() -> None:
    event = requested(run(parent("a1", rating=900), parent("a2", rating=1100)), drawing(900, 42))
    assert event.parent is not None
    assert (event.parent.candidate_id, event.parent.place) == ("a2", "f/a2.png")
    assert event.decision.mode is SelectionMode.CHILD_GENERATION
    assert [(each.candidate_id, each.tickets) for each in event.decision.competitors] == [("a1", 900), ("a2", 1100)]
    assert (event.decision.competitors_total, event.decision.tickets_total, event.decision.draw) == (2, 2000, 900)
    assert (event.decision.policy, event.decision.read_position) == ("round_robin", 77)
    assert (event.step_order, event.number, event.seed, event.random) == (2, 8, 1_000_008, 42)
    assert event.moment_ms == int(NOON.timestamp() * 1000)


def test_a_base_image_has_no_parent_and_no_raffle() -> None:
    event = requested(run(), drawing(5))
    assert event.parent is None
    assert event.decision.mode is SelectionMode.BASE_GENERATION
    assert (event.decision.draw, event.decision.competitors_total) == (None, 0)


def test_the_first_200_competitors_are_recorded_and_all_are_counted() -> None:
    event = requested(run(*(parent(f"a{number}") for number in range(250))), drawing(249_999, 1))
    assert [each.candidate_id for each in event.decision.competitors] == [f"a{number}" for number in range(200)]
    assert (event.decision.competitors_total, event.decision.tickets_total) == (250, 250_000)
    assert event.parent is not None
    assert event.parent.candidate_id == "a249"


def test_job_and_event_ids_follow_from_run_and_number() -> None:
    one, again = requested(run(), drawing(5)), requested(run(), drawing(6))
    assert one.job_id == again.job_id != requested(run(last_job_number=8), drawing(5)).job_id
    assert request_id(RunId("r1"), 8) == request_id(RunId("r1"), 8) != request_id(RunId("r1"), 9)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (None, 1_000_000),
        ("", 1_000_000),
        ("5", 5),
        ("0", 0),
        ("-3", -3),
        (" 42 ", 42),
        ("5.0", 5),
        ("12345678901234567890123", 12345678901234567890123),
        ("5.5", 1_000_000),
        ("true", 1_000_000),
        ("seven", 1_000_000),
        ("9" * 5000, 1_000_000),
    ],
)
def test_sub_7_the_seed_starts_at_the_run_variable(text: str | None, start: int) -> None:
    assert seed_start(text) == start
