"""Limits on waiting (CMF-3, JOB-10) and when a cancellation counts (KILL-6, RUN-8)."""

from __future__ import annotations

import pytest

from carnival.contracts.ids import Position
from carnival.contracts.job import CancelReason
from comfy_gateway.domain.cancellation import takes_effect
from comfy_gateway.domain.patience import Judgement, Patience, Watch
from comfy_gateway.domain.verdict import Rendering, Unknown, Waiting

PATIENCE = Patience(lost_grace=10, deadline=100, unreachable_grace=60)


def test_a_job_is_lost_only_after_the_grace_time() -> None:
    watch = Watch(0).saw(Unknown(), 5).saw(Unknown(), 9)
    assert watch.judged(PATIENCE, 14.9) is Judgement.WAIT
    assert watch.judged(PATIENCE, 15) is Judgement.LOST


def test_a_sight_of_the_job_starts_the_grace_anew() -> None:
    watch = Watch(0).saw(Unknown(), 5).saw(Waiting(), 14).saw(Unknown(), 16)
    assert watch.judged(PATIENCE, 25) is Judgement.WAIT


def test_silence_is_no_loss() -> None:
    watch = Watch(0).saw(Unknown(), 5).heard_nothing(6)
    assert watch.judged(PATIENCE, 30) is Judgement.WAIT
    assert watch.heard_nothing(40).judged(PATIENCE, 66) is Judgement.UNREACHABLE
    assert watch.saw(Rendering(), 50).judged(PATIENCE, 120) is Judgement.WAIT


def test_the_deadline_counts_from_the_start_of_the_rendering() -> None:
    waiting = Watch(0).saw(Waiting(), 90)
    assert waiting.judged(PATIENCE, 100) is Judgement.OVERDUE
    rendering = waiting.saw(Rendering(), 95).saw(Rendering(), 150)
    assert rendering.judged(PATIENCE, 194) is Judgement.WAIT
    assert rendering.judged(PATIENCE, 195) is Judgement.OVERDUE


@pytest.mark.parametrize(
    ("reason", "cancelled", "submitted", "counts"),
    [
        (CancelReason.BRANCH_REJECTED, 9, 5, True),
        (CancelReason.BRANCH_REJECTED, 9, None, True),
        (CancelReason.RUN_PAUSED, 9, None, True),
        (CancelReason.RUN_PAUSED, 9, 5, False),
        (CancelReason.RUN_COMPLETED, 4, 5, True),
        (CancelReason.STEP_PAUSED, 9, 5, False),
    ],
)
def test_a_pause_lets_what_a_node_has_finish(
    reason: CancelReason, cancelled: int, submitted: int | None, *, counts: bool
) -> None:
    position = None if submitted is None else Position(submitted)
    assert takes_effect(reason, Position(cancelled), position) is counts
