"""The slow way: what the counts of a run must be, found from its candidates, jobs and votes alone."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.candidate import CandidateRejected, CandidateRestored, RejectionReason
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import CandidateId, VoteId
from carnival.contracts.job import FailureClass, JobFailed
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, Outcome, VoteCast, VoteRetracted
from projector.domain.rows import Candidate, Column, Run


def is_live(candidate: Candidate | None) -> bool:
    """Own status active, and no rejected ancestor."""
    while candidate is not None:
        if candidate.rejected:
            return False
        candidate = candidate.parent
    return True


def counts_of_run(run: Run) -> dict[str, object]:
    candidates, jobs = list(run.candidates.values()), list(run.jobs.values())
    opened = [job for job in jobs if job.state.is_open]
    return {
        "open_jobs": len(opened),
        "open_live_jobs": sum(is_live(job.parent) for job in opened),
        "live_finals": sum(is_live(candidate) and candidate.column.is_final for candidate in candidates),
        "images": len(candidates),
        "last_job_number": max((job.number for job in jobs), default=0),
    }


def counts_of_column(run: Run, column: Column) -> dict[str, int]:
    members = [candidate for candidate in run.candidates.values() if candidate.column is column]
    opened = [job for job in run.jobs.values() if job.state.is_open and job.column is column]
    return {
        "live": sum(is_live(member) for member in members),
        "rejected": sum(member.rejected for member in members),
        "dead": sum(not member.rejected and not is_live(member) for member in members),
        "open_jobs": len(opened),
    }


def counts_of_candidate(run: Run, candidate: Candidate) -> dict[str, object]:
    children = [child for child in run.candidates.values() if child.parent is candidate]
    below = [job for job in run.jobs.values() if job.parent is candidate]
    return {
        "live": is_live(candidate),
        "live_children": sum(is_live(child) for child in children),
        "open_jobs": sum(job.state.is_open for job in below),
        "depth": 0 if candidate.parent is None else candidate.parent.depth + 1,
    }


def failures_of(run: Run, accepted: Sequence[Recorded[Event]]) -> dict[CandidateId, int]:
    """Content failures charged to each candidate, counted anew from where a rejection for failures was taken back."""
    counts = dict.fromkeys(run.candidates, 0)
    failing: set[CandidateId] = set()
    for fact in accepted:
        match fact.event:
            case JobFailed(failure_class=FailureClass.CONTENT, run_id=run_id) as failed if run_id == run.run_id:
                parent = run.jobs[failed.job_id].parent
                if parent is not None:
                    counts[parent.candidate_id] += 1
            case CandidateRejected(run_id=run_id, reason=RejectionReason.FAILURES, candidate_id=candidate_id) if (
                run_id == run.run_id
            ):
                failing.add(candidate_id)
            case CandidateRestored(run_id=run_id, candidate_id=candidate_id) if (
                run_id == run.run_id and candidate_id in failing
            ):
                failing.discard(candidate_id)
                counts[candidate_id] = 0
            case _:
                pass
    return counts


def ratings_of(run: Run, accepted: Sequence[Recorded[Event]]) -> dict[CandidateId, tuple[int, int, int]]:
    """Rating, votes and both-bads by folding the votes that count at the end, the formula spelled out again."""
    gone = {fact.event.vote_id for fact in accepted if isinstance(fact.event, VoteRetracted)}
    gone |= apart_at_the_end(accepted)
    standing = [fact.event for fact in accepted if isinstance(fact.event, VoteCast)]
    scores = {candidate_id: [1000, 0, 0] for candidate_id in run.candidates}
    for vote in standing:
        if vote.run_id == run.run_id and VoteId(vote.vote_id) not in gone:
            _score(scores[vote.left_id], scores[vote.right_id], vote.outcome)
    return {candidate_id: (rating, votes, bad) for candidate_id, (rating, votes, bad) in scores.items()}


def apart_at_the_end(accepted: Sequence[Recorded[Event]]) -> set[VoteId]:
    """Guests' votes that the last word on them keeps apart."""
    apart: set[VoteId] = set()
    cast: list[VoteCast] = []
    for event in (fact.event for fact in accepted):
        match event:
            case VoteCast(guest_link=str()):
                cast.append(event)
                apart.add(event.vote_id)
            case GuestVotesMerged() | GuestVotesSeparated():
                meant = {vote.vote_id for vote in cast if _is_meant(event, vote)}
                apart = apart - meant if isinstance(event, GuestVotesMerged) else apart | meant
            case _:
                pass
    return apart


def _is_meant(event: GuestVotesMerged | GuestVotesSeparated, vote: VoteCast) -> bool:
    same_link = event.guest_link in (None, vote.guest_link)
    return event.run_id == vote.run_id and same_link and event.voter in (None, vote.voter)


def _score(left: list[int], right: list[int], outcome: Outcome) -> None:
    left[1] += 1
    right[1] += 1
    if outcome is Outcome.BOTH_BAD:
        left[2] += 1
        right[2] += 1
        return
    result = {Outcome.LEFT: 1.0, Outcome.TIE: 0.5, Outcome.RIGHT: 0.0}[outcome]
    change = round(32 * (result - 1 / (1 + 10 ** ((right[0] - left[0]) / 400))))
    left[0] += change
    right[0] -= change
