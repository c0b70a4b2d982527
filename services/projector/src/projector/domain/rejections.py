"""Rejections, their undoing, and discarded files."""

from __future__ import annotations

from carnival.contracts.candidate import CandidateRejected, CandidateRestored, ImagesDiscarded, RejectionReason
from carnival.contracts.verdict import VoidReason
from projector.domain import tree
from projector.domain.read_model import Fact, ReadModel
from projector.domain.rows import Run
from projector.domain.texts import storable


def reject(model: ReadModel, run: Run, event: CandidateRejected, fact: Fact) -> VoidReason | None:
    """KILL-1, FAIL-2. A dead candidate may be rejected too: it then stays down when its ancestor is restored."""
    candidate = run.candidates.get(event.candidate_id)
    if candidate is None:
        return VoidReason.UNKNOWN_CANDIDATE
    if candidate.rejected:
        return VoidReason.ALREADY_REJECTED
    candidate.reject_reason, candidate.reject_note = event.reason.value, storable(event.note)
    candidate.reject_walk = None if event.walk_id is None else storable(event.walk_id)
    tree.reject(model, run, candidate, fact.meta.time)
    return None


def restore(model: ReadModel, run: Run, event: CandidateRestored, fact: Fact) -> VoidReason | None:
    """KILL-7. A candidate that was born rejected because it came late can be restored as well.

    One that had failed too often gets a new start: with its old failures it would be rejected again at once.
    """
    candidate = run.candidates.get(event.candidate_id)
    if candidate is None:
        return VoidReason.UNKNOWN_CANDIDATE
    if not candidate.rejected:
        return VoidReason.NOT_REJECTED
    if candidate.reject_reason == RejectionReason.FAILURES:
        candidate.failures = 0
    candidate.reject_reason, candidate.reject_note, candidate.reject_walk = None, "", None
    tree.restore(model, run, candidate, fact.meta.time)
    return None


def discard(model: ReadModel, run: Run, event: ImagesDiscarded) -> VoidReason | None:
    """Only files of rejected or dead candidates go; one that is live again by now is passed over."""
    named = [run.candidates.get(candidate_id) for candidate_id in event.candidate_ids]
    if None in named:
        return VoidReason.UNKNOWN_CANDIDATE
    leaving = [candidate for candidate in named if candidate and not candidate.live and not candidate.discarded]
    for candidate in leaving:
        candidate.discarded = True
        model.changes.candidates[candidate] = None
    return None if leaving else VoidReason.NOTHING_CHANGES
