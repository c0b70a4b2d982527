"""Guests' votes, merged into those of members and kept apart again, wherever they stand in the log."""

from __future__ import annotations

from collections.abc import Iterator

from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated
from projector.domain import rating
from projector.domain.read_model import ReadModel
from projector.domain.rows import Run, Vote
from projector.domain.votes import count


def merge(model: ReadModel, run: Run, event: GuestVotesMerged) -> VoidReason | None:
    """Ratings become those of the log as if members had cast these votes."""
    return _set_merged(model, run, event, merged=True)


def separate(model: ReadModel, run: Run, event: GuestVotesSeparated) -> VoidReason | None:
    """Ratings become those of the log without these votes."""
    return _set_merged(model, run, event, merged=False)


def _set_merged(
    model: ReadModel, run: Run, event: GuestVotesMerged | GuestVotesSeparated, *, merged: bool
) -> VoidReason | None:
    changing = [vote for vote in _meant(run, event) if vote.merged is not merged and not vote.retracted]
    for vote in changing:
        vote.merged = merged
        model.changes.votes[vote.vote_id] = vote
        column = run.columns[vote.step_order]
        left, right, outcome = column.ballots.set_apart(vote.position, apart=not merged)
        by = 1 if merged else -1
        count(model, column.members[left], column.members[right], outcome, by)
        run.votes += by
        rating.start_over(model, column)
    return None if changing else VoidReason.NOTHING_CHANGES


def _meant(run: Run, event: GuestVotesMerged | GuestVotesSeparated) -> Iterator[Vote]:
    for vote in run.guest_votes.values():
        if event.guest_link in {None, vote.guest_link} and event.voter in {None, vote.voter}:
            yield vote
