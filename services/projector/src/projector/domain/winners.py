"""The winner's mark (WIN-2)."""

from __future__ import annotations

from carnival.contracts.run import WinnerChosen, WinnerCleared
from carnival.contracts.verdict import VoidReason
from projector.domain.rows import Run


def choose(run: Run, event: WinnerChosen) -> VoidReason | None:
    """One winner a run: marking another one moves the mark. A completed run may get its winner, too."""
    candidate = run.candidates.get(event.candidate_id)
    if candidate is None:
        return VoidReason.UNKNOWN_CANDIDATE
    if not candidate.live:
        return VoidReason.NOT_LIVE
    if run.winner_id == event.candidate_id:
        return VoidReason.NOTHING_CHANGES
    run.winner_id = event.candidate_id
    return None


def clear(run: Run, _: WinnerCleared) -> VoidReason | None:
    if run.winner_id is None:
        return VoidReason.NO_WINNER
    run.winner_id = None
    return None
