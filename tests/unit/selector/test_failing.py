"""Failing parents and steps: FAIL-2, FAIL-5, PAY-8."""

from __future__ import annotations

from typing import Any

import pytest

from carnival.contracts.candidate import RejectionReason
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.job import FailureClass
from selector.domain.failing import (
    FailingParent,
    FailingStep,
    rejection,
    rejection_id,
    step_pause,
    step_pause_id,
)
from selector.domain.rules import Limits


def failing_parent(failures: int) -> FailingParent:
    return FailingParent(
        candidate_id=CandidateId("a1"), run_id=RunId("r1"), failures=failures, run_position=Position(9)
    )


def failing_step(**facts: Any) -> FailingStep:
    defaults: dict[str, Any] = {
        "run_id": RunId("r1"),
        "step_order": 2,
        "paused": False,
        "consecutive_failures": 5,
        "failure_class": FailureClass.INFRASTRUCTURE,
        "message": "it broke",
        "run_position": Position(9),
    }
    return FailingStep(**defaults | facts)


@pytest.mark.parametrize(("failures", "rejected"), [(2, False), (3, True), (4, True)])
def test_fail_2_at_the_limit_the_parent_is_rejected(failures: int, rejected: bool) -> None:
    event = rejection(failing_parent(failures), Limits(parent_failures_max=3))
    assert (event is not None) is rejected
    assert event is None or event.reason is RejectionReason.FAILURES


@pytest.mark.parametrize("failure_class", [*FailureClass])
@pytest.mark.parametrize("failures", [1, 4, 5, 6])
def test_fail_5_repeated_failures_pause_the_step_and_pay_8_a_broken_template_at_once(
    failure_class: FailureClass, failures: int
) -> None:
    event = step_pause(failing_step(failure_class=failure_class, consecutive_failures=failures), 5)
    assert (event is not None) is (failures >= 5 or failure_class is FailureClass.GRAPH)


def test_a_paused_step_is_not_paused_again_and_none_without_failures() -> None:
    assert step_pause(failing_step(paused=True), 5) is None
    assert step_pause(failing_step(consecutive_failures=0, failure_class=FailureClass.GRAPH), 5) is None


def test_the_pause_says_what_happened_in_bounded_words() -> None:
    event = step_pause(failing_step(message="x" * 10_000), 5)
    assert event is not None
    assert event.reason.startswith("5 jobs in a row failed, the last one with: xxx")
    assert len(event.reason) <= 300
    assert event.consecutive_failures == 5


def test_verdicts_on_another_state_of_the_run_are_other_events() -> None:
    """A parent restored and failing again is rejected again, though the log drops an id it knows."""
    event = rejection(failing_parent(3), Limits(parent_failures_max=3))
    pause = step_pause(failing_step(), 5)
    assert event is not None
    assert pause is not None
    assert rejection_id(event, Position(9)) != rejection_id(event, Position(10))
    assert step_pause_id(pause, Position(9)) != step_pause_id(pause, Position(10))
