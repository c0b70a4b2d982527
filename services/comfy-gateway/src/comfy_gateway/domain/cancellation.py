"""When a cancellation counts (KILL-6, RUN-5, RUN-8)."""

from __future__ import annotations

from carnival.contracts.ids import Position
from carnival.contracts.job import CancelReason


def takes_effect(reason: CancelReason, cancelled_at: Position, submitted_at: Position | None) -> bool:
    """A killed branch stops at once. A paused or completed run lets what a node already has finish.

    `submitted_at` is where the job's first JobSubmitted stands, None before it was submitted.
    """
    return reason is CancelReason.BRANCH_REJECTED or submitted_at is None or cancelled_at < submitted_at
