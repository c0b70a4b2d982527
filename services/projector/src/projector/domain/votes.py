"""Votes, and the ratings that follow from them in log order (ELO-4, VOTE)."""

from __future__ import annotations

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
    left_id, right_id, voter = event.left_id, event.right_id, event.voter
    if left_id == right_id:
        return VoidReason.SAME_CANDIDATE
    left, right = run.candidates.get(left_id), run.candidates.get(right_id)
    if left is None or right is None:
        return VoidReason.UNKNOWN_CANDIDATE
    column = left.column
    if right.column is not column or column.order != event.step_order:
        return VoidReason.OTHER_STEP
    if left.picture == right.picture:
        return VoidReason.SAME_PICTURE
    if not (left.live and right.live):
        return VoidReason.NOT_LIVE
    if column.ballots.has_compared(voter, left.index, right.index):
        return VoidReason.PAIR_VOTED
    if event.vote_id in model.votes:
        return VoidReason.VOTE_EXISTS
    vote = StandingVote(
        fact.position,
        event.vote_id,
        column.order,
        voter,
        left_id,
        right_id,
        event.outcome,
        event.milliseconds,
        event.guest_link,
        fact.meta.time,
    )
    stand(model, run, left, right, vote)
    return None


def let_stand(model: ReadModel, run: Run, vote: StandingVote) -> None:
    """`cast`, of a vote that was judged already. It has a row if it is a guest's; `recall` makes that of others."""
    left, right = run.candidates[vote.left_id], run.candidates[vote.right_id]
    _tally(model, run, left, right, vote)
    if vote.guest_link is not None:
        run.guest_votes[vote.vote_id] = row_of(run, vote)


def recall(model: ReadModel, run: Run, vote: StandingVote) -> None:
    """Whatever takes this vote back finds it from here on."""
    if vote.vote_id not in model.votes:
        model.votes[vote.vote_id] = row_of(run, vote)


def stand(model: ReadModel, run: Run, left: Candidate, right: Candidate, vote: StandingVote) -> None:
    """The vote is there. Positions ascend within a run."""
    _tally(model, run, left, right, vote)
    row = row_of(run, vote)
    if vote.guest_link is not None:
        run.guest_votes[vote.vote_id] = row
    model.votes[vote.vote_id] = model.changes.votes[vote.vote_id] = row


def row_of(run: Run, vote: StandingVote) -> Vote:
    """The row of a vote that nobody has taken back or merged."""
    return Vote(vote.vote_id, run.run_id, vote.step_order, vote.voter, vote.position, vote.guest_link, vote)


def _tally(model: ReadModel, run: Run, left: Candidate, right: Candidate, vote: StandingVote) -> None:
    """A guest's vote is kept apart and not counted."""
    column, apart = left.column, vote.guest_link is not None
    column.ballots.add(vote.position, vote.voter, left.index, right.index, vote.outcome, apart=apart)
    if not apart:
        count(model, left, right, vote.outcome, 1)
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
    bad = by if outcome is Outcome.BOTH_BAD else 0
    touched = model.changes.candidates
    for candidate in (left, right):
        candidate.votes += by
        candidate.both_bad += bad
        touched[candidate] = None
