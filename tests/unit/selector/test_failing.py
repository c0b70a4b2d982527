"""Failing parents and steps: FAIL-2, FAIL-5, PAY-8."""

from __future__ import annotations

from typing import Any

import pytest

from carnival.contracts.candidate import RejectionReason
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.job import FailureClass, FailureCode
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
        "failure_code": FailureCode.LOST,
        "message": "it broke",
        "run_position": Position(9),
    }
    return FailingStep(**defaults | facts)


@pytest.mark.parametrize(("failures", "rejected"), [(2, False), (3, True), (4, True)])
def test_fail_2_at_the_limit_the_parent_is_rejected(failures: int, rejected: bool) -> None:
    event = rejection(failing_parent(failures), Limits(parent_failures_max=3))
    assert (event is not None) is rejected
    assert event is None or event.reason is RejectionReason.FAILURES


@pytest.mark.parametrize(
    ("failure_class", "code", "bearable"),
    [
        (FailureClass.GRAPH, FailureCode.REFUSED, 0),
        (FailureClass.GRAPH, FailureCode.NO_IMAGE, 0),
        (FailureClass.MISSING_ASSET, FailureCode.MISSING_ASSET, 0),
        (FailureClass.MISSING_ASSET, FailureCode.PARENT_UNAVAILABLE, 4),
        (FailureClass.MEMORY, FailureCode.OUT_OF_MEMORY, 1),
        (FailureClass.CONTENT, FailureCode.EXECUTION_ERROR, 4),
        (FailureClass.INFRASTRUCTURE, FailureCode.LOST, 4),
        (None, None, 4),
    ],
)
def test_fail_5_each_class_pauses_its_step_after_as_many_failures_as_it_takes_to_be_sure(
    failure_class: FailureClass | None, code: FailureCode | None, bearable: int
) -> None:
    def paused(failures: int, limit: int = 5) -> bool:
        step = failing_step(failure_class=failure_class, failure_code=code, consecutive_failures=failures)
        return step_pause(step, limit) is not None

    assert [paused(failures) for failures in range(7)] == [failures > bearable for failures in range(7)]
    assert paused(1, limit=1)


def test_the_pause_names_what_is_missing_and_how_to_go_on() -> None:
    missing = failing_step(
        failure_class=FailureClass.MISSING_ASSET,
        failure_code=FailureCode.MISSING_ASSET,
        consecutive_failures=1,
        message="node 4 (CheckpointLoaderSimple) lacks x.safetensors for ckpt_name",
    )
    event = step_pause(missing, 5)
    assert event is not None
    assert event.reason == (
        "No server has what the workflow needs: node 4 (CheckpointLoaderSimple) lacks x.safetensors for ckpt_name."
        " When that is mended: carnival run resume r1 --step 2"
    )


def test_a_paused_step_is_not_paused_again_and_none_without_failures() -> None:
    assert step_pause(failing_step(paused=True), 5) is None
    assert step_pause(failing_step(consecutive_failures=0, failure_class=FailureClass.GRAPH), 5) is None


def test_the_pause_says_what_happened_in_bounded_words() -> None:
    event = step_pause(failing_step(message="x" * 10_000), 5)
    assert event is not None
    assert event.reason.startswith("5 jobs in a row failed, the last one with: xxx")
    assert event.reason.endswith("x…. When that is mended: carnival run resume r1 --step 2")
    assert len(event.reason) == 300
    assert event.consecutive_failures == 5


def test_verdicts_on_another_state_of_the_run_are_other_events() -> None:
    """A parent restored and failing again is rejected again, though the log drops an id it knows."""
    event = rejection(failing_parent(3), Limits(parent_failures_max=3))
    pause = step_pause(failing_step(), 5)
    assert event is not None
    assert pause is not None
    assert rejection_id(event, Position(9)) != rejection_id(event, Position(10))
    assert step_pause_id(pause, Position(9)) != step_pause_id(pause, Position(10))
