"""Votes (VOTE). Ratings are no concern of these decisions: they are a fold of the votes (ELO-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from carnival.contracts.ids import CandidateId, GuestLinkId, RunId, VoteId
from carnival.contracts.vote import Outcome, VoteCast, VoteRetracted
from curation_api.domain.access.tokens import GUEST_PREFIX
from curation_api.domain.candidate import CandidateState
from curation_api.domain.refusals import (
    BadText,
    CandidateNotLive,
    CandidateUnknown,
    OtherColumn,
    OtherVoter,
    SameCandidate,
    SamePicture,
    VoteDuplicate,
    VoteUnknown,
)


class Choice(StrEnum):
    """What a voter may answer to a pair: an outcome, or nothing for now."""

    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """One choice. `run_id`, if given, must be the run of both images. `guest_link` makes it a guest's."""

    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    voter: str
    run_id: RunId | None = None
    milliseconds: int | None = None
    guest_link: GuestLinkId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The two images, None if unknown, and whether this voter has voted on them, in either direction."""

    left: CandidateState | None
    right: CandidateState | None
    pair_voted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteState:
    """A vote as the read model has it."""

    vote_id: VoteId
    run_id: RunId
    voter: str
    retracted: bool


def cast_vote(ballot: Ballot, command: CastVote, vote_id: VoteId) -> VoteCast:
    """The vote. Raises BadText for a guest's name without a guest, VoteDuplicate and what `votable` raises."""
    if command.guest_link is None and command.voter.startswith(GUEST_PREFIX):
        raise BadText(f"Names that begin with {GUEST_PREFIX!r} belong to guests")
    left, right = votable(ballot, command.left_id, command.right_id, command.run_id)
    if ballot.pair_voted:
        raise VoteDuplicate(f"{command.voter!r} has voted on this pair before")
    return VoteCast(
        vote_id=vote_id,
        run_id=left.run_id,
        step_order=left.step_order,
        voter=command.voter,
        left_id=left.candidate_id,
        right_id=right.candidate_id,
        outcome=command.outcome,
        milliseconds=command.milliseconds,
        guest_link=command.guest_link,
    )


def votable(
    ballot: Ballot, left_id: CandidateId, right_id: CandidateId, run_id: RunId | None
) -> tuple[CandidateState, CandidateState]:
    """Both sides, if they form a pair.

    Raises SameCandidate, CandidateUnknown, OtherColumn, SamePicture, CandidateNotLive.
    """
    if left_id == right_id:
        raise SameCandidate("An image cannot be compared with itself", candidate_id=left_id)
    left = _known(ballot.left, left_id)
    right = _known(ballot.right, right_id)
    if (left.run_id, left.step_order) != (right.run_id, right.step_order):
        raise OtherColumn("Both images must belong to one run and one step")
    if run_id is not None and run_id != left.run_id:
        raise OtherColumn("The images belong to another run than the one named", run_id=left.run_id)
    if left.picture == right.picture:
        raise SamePicture("Both images show the very same picture", candidate_ids=[left_id, right_id])
    dead = [side.candidate_id for side in (left, right) if not side.live]
    if dead:
        raise CandidateNotLive("An image that is rejected or dead cannot be voted on", candidate_ids=list(dead))
    return left, right


def retract_vote(vote: VoteState, voter: str) -> VoteRetracted | None:
    """The vote taken back; None if it was before (VOTE-7). Raises OtherVoter."""
    if vote.voter != voter:
        raise OtherVoter("Only the voter can take a vote back", vote_id=vote.vote_id)
    return None if vote.retracted else VoteRetracted(vote_id=vote.vote_id, run_id=vote.run_id, voter=voter)


def retract_votes(
    votes: Mapping[VoteId, VoteState], wanted: Sequence[VoteId], voter: str
) -> dict[str, VoteRetracted | None]:
    """Votes taken back together, each once. Raises VoteUnknown and OtherVoter naming all that are in the way."""
    if unknown := [vote_id for vote_id in wanted if vote_id not in votes]:
        raise VoteUnknown(f"There is no vote {unknown[0]}", vote_ids=list(unknown))
    if foreign := [vote_id for vote_id in wanted if votes[vote_id].voter != voter]:
        raise OtherVoter("Only the voter can take a vote back", vote_ids=list(foreign))
    return {vote_id: retract_vote(votes[vote_id], voter) for vote_id in dict.fromkeys(wanted)}


def _known(side: CandidateState | None, candidate_id: CandidateId) -> CandidateState:
    if side is None:
        raise CandidateUnknown(f"There is no candidate {candidate_id}", candidate_id=candidate_id)
    return side
