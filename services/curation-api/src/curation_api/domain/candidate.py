"""Killing, restoring and crowning candidates (KILL-1, KILL-7, WIN-2)."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.candidate import CandidateRejected, CandidateRestored
from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.run import WinnerChosen, WinnerCleared
from curation_api.domain.refusals import CandidateElsewhere, CandidateNotLive
from curation_api.domain.run import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateState:
    """What a decision about one candidate needs."""

    candidate_id: CandidateId
    run_id: RunId
    step_order: int
    parent_id: CandidateId | None
    rejected: bool
    live: bool


def reject_candidate(candidate: CandidateState, note: str) -> CandidateRejected | None:
    """A person's kill; None if the candidate is rejected already (KILL-1)."""
    if candidate.rejected:
        return None
    return CandidateRejected(run_id=candidate.run_id, candidate_id=candidate.candidate_id, note=note)


def restore_candidate(candidate: CandidateState) -> CandidateRestored | None:
    """The rejection taken back; None if there is none (KILL-7)."""
    if not candidate.rejected:
        return None
    return CandidateRestored(run_id=candidate.run_id, candidate_id=candidate.candidate_id)


def choose_winner(run: RunState, candidate: CandidateState) -> WinnerChosen | None:
    """The run's one winner; None if it is that already. Raises CandidateElsewhere, CandidateNotLive."""
    if candidate.run_id != run.run_id:
        raise CandidateElsewhere("The winner of a run is one of its own images")
    if run.winner_id == candidate.candidate_id:
        return None
    if not candidate.live:
        raise CandidateNotLive("A rejected or dead image cannot be the winner", candidate_id=candidate.candidate_id)
    return WinnerChosen(run_id=run.run_id, candidate_id=candidate.candidate_id)


def clear_winner(run: RunState) -> WinnerCleared | None:
    """The mark removed; None if there is none."""
    return WinnerCleared(run_id=run.run_id) if run.winner_id else None
