"""Votes, and the ratings that follow from them in log order (ELO-4, VOTE)."""

from __future__ import annotations

from datetime import datetime

from carnival.contracts.ids import Position
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import Outcome, VoteCast, VoteRetracted
from projector.domain import rating
from projector.domain.read_model import Fact, ReadModel
from projector.domain.rows import Candidate, Run, StandingVote, Vote


def cast(model: ReadModel, run: Run, event: VoteCast, fact: Fact) -> VoidReason | None:
    """A vote changes both ratings and both vote counts, or nothing (VOTE-1 to VOTE-5, VOTE-8).

    Its id is looked at last: ids of votes written long ago are fetched only when a write has failed because of them,
    and the verdict must not depend on that.
    """
    if event.left_id == event.right_id:
        return VoidReason.SAME_CANDIDATE
    left, right = run.candidates.get(event.left_id), run.candidates.get(event.right_id)
    if left is None or right is None:
        return VoidReason.UNKNOWN_CANDIDATE
    column = left.column
    if right.column is not column or column.order != event.step_order:
        return VoidReason.OTHER_STEP
    if left.picture == right.picture:
        return VoidReason.SAME_PICTURE
    if not (left.live and right.live):
        return VoidReason.NOT_LIVE
    if column.ballots.has_compared(event.voter, left.index, right.index):
        return VoidReason.PAIR_VOTED
    if event.vote_id in model.votes:
        return VoidReason.VOTE_EXISTS
    stand(model, run, left, right, event, fact.position, fact.meta.time)
    return None


def let_stand(model: ReadModel, run: Run, vote: StandingVote) -> None:
    """`cast`, of a vote that was judged already. It has a row if it is a guest's; `recall` makes that of others."""
    left, right = run.candidates[vote.left_id], run.candidates[vote.right_id]
    _tally(model, run, left, right, vote, vote.position)
    if vote.guest_link is not None:
        run.guest_votes[vote.vote_id] = row_of(run, vote, vote.position, vote.cast_at)


def recall(model: ReadModel, run: Run, vote: StandingVote) -> None:
    """Whatever takes this vote back finds it from here on."""
    if vote.vote_id not in model.votes:
        model.votes[vote.vote_id] = row_of(run, vote, vote.position, vote.cast_at)


def stand(
    model: ReadModel,
    run: Run,
    left: Candidate,
    right: Candidate,
    event: VoteCast | StandingVote,
    position: Position,
    at: datetime,
) -> None:
    """The vote is there. Positions ascend within a run."""
    _tally(model, run, left, right, event, position)
    vote = row_of(run, event, position, at)
    if event.guest_link is not None:
        run.guest_votes[event.vote_id] = vote
    model.votes[event.vote_id] = model.changes.votes[event.vote_id] = vote


def row_of(run: Run, event: VoteCast | StandingVote, position: Position, at: datetime) -> Vote:
    """The row of a vote that nobody has taken back or merged."""
    return Vote(
        vote_id=event.vote_id,
        run_id=run.run_id,
        step_order=event.step_order,
        voter=event.voter,
        position=position,
        guest_link=event.guest_link,
        event=event,
        cast_at=at,
    )


def _tally(
    model: ReadModel, run: Run, left: Candidate, right: Candidate, event: VoteCast | StandingVote, position: Position
) -> None:
    """A guest's vote is kept apart and not counted."""
    column, apart = left.column, event.guest_link is not None
    column.ballots.add(position, event.voter, left.index, right.index, event.outcome, apart=apart)
    if not apart:
        count(model, left, right, event.outcome, 1)
        rating.add(model, column)
        run.votes += 1


def retract(model: ReadModel, run: Run, event: VoteRetracted) -> VoidReason | None:
    """Ratings become those of the log without this vote (VOTE-7)."""
    vote = run.guest_votes.get(event.vote_id) or model.votes.get(event.vote_id)
    if vote is None or vote.run_id != run.run_id:
        return VoidReason.UNKNOWN_VOTE
    if vote.voter != event.voter:
        return VoidReason.OTHER_VOTER
    if vote.retracted:
        return VoidReason.ALREADY_RETRACTED
    model.changes.votes[vote.vote_id] = vote
    column = run.columns[vote.step_order]
    left, right, outcome = column.ballots.retract(vote.position, vote.voter)
    if vote.counts:
        run.votes -= 1
        count(model, column.members[left], column.members[right], outcome, -1)
        rating.start_over(model, column)
    vote.retracted = True
    return None


def count(model: ReadModel, left: Candidate, right: Candidate, outcome: Outcome, by: int) -> None:
    """ "Both bad" is counted on its own, and as a vote, since the pair has been judged (ELO-6)."""
    for candidate in (left, right):
        candidate.votes += by
        candidate.both_bad += by if outcome is Outcome.BOTH_BAD else 0
        model.changes.candidates[candidate] = None
