"""The tree that a forked run begins with."""

from __future__ import annotations

from carnival.contracts.adoption import AdoptedCandidate, AdoptedVote, TreeAdopted
from carnival.contracts.ids import CandidateId
from carnival.contracts.verdict import VoidReason
from projector.domain import tree, votes
from projector.domain.read_model import ReadModel
from projector.domain.rows import Birth, Column, Run, RunStatus, StandingVote
from projector.domain.texts import storable


def adopt(model: ReadModel, run: Run, event: TreeAdopted) -> VoidReason | None:
    """All of it or nothing. Ratings follow from the votes, as everywhere (ELO-4)."""
    reason = _reason_against(run, event)
    if reason is not None:
        return reason
    for adopted in event.candidates:
        _add(model, run, adopted)
    for vote in event.votes:
        _count(model, run, vote)
    return None


def _reason_against(run: Run, event: TreeAdopted) -> VoidReason | None:
    if run.status is RunStatus.COMPLETED:
        return VoidReason.RUN_COMPLETED
    if run.jobs:
        return VoidReason.JOB_EXISTS
    columns: dict[CandidateId, Column] = {key: one.column for key, one in run.candidates.items()}
    for adopted in event.candidates:
        column = run.columns.get(adopted.step_order)
        if column is None:
            return VoidReason.UNKNOWN_STEP
        if adopted.candidate_id in columns:
            return VoidReason.NOTHING_CHANGES
        if adopted.parent_id is not None and adopted.parent_id not in columns:
            return VoidReason.UNKNOWN_CANDIDATE
        parents = None if adopted.parent_id is None else columns[adopted.parent_id]
        if column is not (run.first if parents is None else parents.following):
            return VoidReason.OTHER_STEP
        columns[adopted.candidate_id] = column
    for vote in event.votes:
        if vote.left_id == vote.right_id:
            return VoidReason.SAME_CANDIDATE
        if vote.left_id not in columns or vote.right_id not in columns:
            return VoidReason.UNKNOWN_CANDIDATE
        if not columns[vote.left_id] is columns[vote.right_id] is run.columns.get(vote.step_order):
            return VoidReason.OTHER_STEP
    return None


def _add(model: ReadModel, run: Run, adopted: AdoptedCandidate) -> None:
    birth = Birth(
        job_id=adopted.job_id,
        job_number=adopted.job_number,
        seed=adopted.seed,
        node=adopted.node,
        gpu_seconds=adopted.gpu_seconds,
        image=adopted.image,
        created_at=adopted.created_at,
        position=adopted.position,
        source_id=adopted.source_id,
    )
    parent = run.candidates[adopted.parent_id] if adopted.parent_id else None
    candidate = tree.add_candidate(
        model,
        run,
        adopted.candidate_id,
        run.columns[adopted.step_order],
        parent,
        birth,
        rejected=adopted.rejected,
    )
    candidate.reject_reason = adopted.reject_reason and storable(adopted.reject_reason)
    candidate.reject_note = storable(adopted.reject_note)
    candidate.failures, candidate.discarded = adopted.failures, adopted.discarded
    if not candidate.live:
        candidate.down_since = adopted.down_since or adopted.created_at


def _count(model: ReadModel, run: Run, vote: AdoptedVote) -> None:
    left, right = run.candidates[vote.left_id], run.candidates[vote.right_id]
    cast = StandingVote(
        position=vote.position,
        vote_id=vote.vote_id,
        step_order=vote.step_order,
        voter=vote.voter,
        left_id=vote.left_id,
        right_id=vote.right_id,
        outcome=vote.outcome,
        milliseconds=vote.milliseconds,
        guest_link=None,
        cast_at=vote.cast_at,
    )
    votes.stand(model, run, left, right, cast)
