"""VOTE."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from carnival.contracts.ids import CandidateId, RunId, VoteId
from carnival.contracts.vote import Outcome
from curation_api.domain.candidate import CandidateState
from curation_api.domain.refusals import (
    CandidateNotLive,
    CandidateUnknown,
    OtherColumn,
    OtherVoter,
    SameCandidate,
    VoteDuplicate,
)
from curation_api.domain.voting import Ballot, CastVote, VoteState, cast_vote, retract_vote

V = VoteId("v1")


def candidate(name: str, **fields: Any) -> CandidateState:
    base = CandidateState(
        candidate_id=CandidateId(name), run_id=RunId("r1"), step_order=2, parent_id=None, rejected=False, live=True
    )
    return replace(base, **fields)


A, B = candidate("a"), candidate("b")
BALLOT = Ballot(left=A, right=B, pair_voted=False)
COMMAND = CastVote(left_id=A.candidate_id, right_id=B.candidate_id, outcome=Outcome.TIE, voter="ada", milliseconds=900)


def test_a_vote_records_sides_step_and_time_taken() -> None:
    vote = cast_vote(BALLOT, COMMAND, V)
    assert (vote.left_id, vote.right_id, vote.step_order, vote.outcome) == ("a", "b", 2, Outcome.TIE)
    assert (vote.run_id, vote.voter, vote.milliseconds) == ("r1", "ada", 900)


def test_an_image_is_not_compared_with_itself() -> None:
    with pytest.raises(SameCandidate):
        cast_vote(BALLOT, replace(COMMAND, right_id=A.candidate_id), V)


@pytest.mark.parametrize("ballot", [replace(BALLOT, left=None), replace(BALLOT, right=None)])
def test_both_images_must_exist(ballot: Ballot) -> None:
    with pytest.raises(CandidateUnknown):
        cast_vote(ballot, COMMAND, V)


@pytest.mark.parametrize("other", [candidate("b", step_order=1), candidate("b", run_id=RunId("r2"))])
def test_both_images_belong_to_one_run_and_step(other: CandidateState) -> None:
    with pytest.raises(OtherColumn):
        cast_vote(replace(BALLOT, right=other), COMMAND, V)


def test_the_run_named_must_be_theirs() -> None:
    with pytest.raises(OtherColumn):
        cast_vote(BALLOT, replace(COMMAND, run_id=RunId("r2")), V)


def test_dead_and_rejected_images_are_not_voted_on() -> None:
    with pytest.raises(CandidateNotLive) as caught:
        cast_vote(replace(BALLOT, right=candidate("b", live=False)), COMMAND, V)
    assert caught.value.facts["candidate_ids"] == ["b"]


def test_a_pair_is_voted_on_once() -> None:
    with pytest.raises(VoteDuplicate):
        cast_vote(replace(BALLOT, pair_voted=True), COMMAND, V)


def test_a_vote_is_taken_back_by_its_voter_and_once() -> None:
    vote = VoteState(vote_id=V, run_id=RunId("r1"), voter="ada", retracted=False)
    retraction = retract_vote(vote, "ada")
    assert retraction is not None
    assert retraction.vote_id == V
    assert retract_vote(replace(vote, retracted=True), "ada") is None
    with pytest.raises(OtherVoter):
        retract_vote(vote, "bob")
