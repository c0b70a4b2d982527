"""Killing, restoring and crowning candidates (KILL-1, KILL-7, WIN-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carnival.contracts.candidate import CandidateRejected, CandidateRestored
from carnival.contracts.ids import CandidateId, EventId, RunId
from carnival.contracts.run import WinnerChosen, WinnerCleared
from curation_api.domain.refusals import CandidateElsewhere, CandidateNotLive, CandidateUnknown
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
    discarded: bool = False
    same_as: CandidateId | None = None

    @property
    def picture(self) -> CandidateId:
        """Equal for the candidates of a column that show the same."""
        return self.same_as or self.candidate_id


def reject_candidate(candidate: CandidateState, note: str, walk_id: EventId | None = None) -> CandidateRejected | None:
    """A person's kill, `walk_id` that of its kill-left walk; None if the candidate is rejected already (KILL-1)."""
    if candidate.rejected:
        return None
    return CandidateRejected(run_id=candidate.run_id, candidate_id=candidate.candidate_id, note=note, walk_id=walk_id)


def restore_candidate(candidate: CandidateState) -> CandidateRestored | None:
    """The rejection taken back; None if there is none (KILL-7)."""
    if not candidate.rejected:
        return None
    return CandidateRestored(run_id=candidate.run_id, candidate_id=candidate.candidate_id)


def known_all(candidates: Mapping[CandidateId, CandidateState], wanted: Sequence[CandidateId]) -> list[CandidateState]:
    """The candidates of these names, each once. Raises CandidateUnknown naming all that do not exist."""
    unknown = [candidate_id for candidate_id in wanted if candidate_id not in candidates]
    if unknown:
        raise CandidateUnknown(f"There is no candidate {unknown[0]}", candidate_ids=list(unknown))
    return [candidates[candidate_id] for candidate_id in dict.fromkeys(wanted)]


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
