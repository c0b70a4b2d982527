"""The tree that a forked run begins with: adopted whole or not at all."""

from __future__ import annotations

import pytest
from unit.projector.story import Story, started

from carnival.contracts.adoption import TreeAdopted
from carnival.contracts.ids import CandidateId, Position, RunId, VoteId
from carnival.contracts.run import RunCompleted, RunOrigin
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import VoteRetracted
from carnival.testing import examples
from carnival.testing.examples import RUN, adopted, adopted_vote, tree_adopted

ONE, TWO = CandidateId("a1"), CandidateId("a2")


def forked(*parts: TreeAdopted) -> Story:
    origin = RunOrigin(run_id=RunId("source"), position=Position(9), last_job_number=40)
    return started(origin=origin).given(*parts)


def test_adopted_images_are_rated_by_the_adopted_votes_and_cost_nothing() -> None:
    story = forked(tree_adopted())
    assert (story.candidate(ONE).rating, story.candidate(TWO).rating) == (1016, 984)
    assert (story.run.images, story.run.gpu_seconds, story.run.votes) == (0, 0.0, 1)
    assert (story.column(1).live, story.run.last_job_number) == (2, 40)


def test_statuses_come_over_and_what_lies_below_is_dead() -> None:
    rejected = adopted(1, rejected=True, reject_reason="killed", reject_note="hands")
    below, elsewhere = adopted(3, ONE, step_order=2), adopted(4, TWO, step_order=2, failures=2, discarded=True)
    story = forked(tree_adopted(candidates=(rejected, adopted(2), below, elsewhere), votes=()))
    assert (story.candidate(ONE).rejected, story.candidate(ONE).reject_note) == (True, "hands")
    assert [story.candidate(CandidateId(f"a{number}")).live for number in (1, 2, 3, 4)] == [False, True, False, True]
    assert story.candidate(TWO).live_children == 1
    assert (story.candidate(CandidateId("a4")).failures, story.candidate(CandidateId("a4")).discarded) == (2, True)
    assert story.candidate(ONE).down_since is not None


def test_an_adopted_vote_is_a_vote_of_its_voter() -> None:
    story = forked(tree_adopted())
    assert story.when(examples.vote_cast(TWO, ONE)) is VoidReason.PAIR_VOTED
    story.given(VoteRetracted(vote_id=VoteId("av3"), run_id=RUN, voter="ada"))
    assert (story.candidate(ONE).rating, story.run.votes) == (1000, 0)
    story.given(examples.vote_cast(TWO, ONE))


def test_its_own_jobs_follow_the_numbers_of_the_source() -> None:
    story = forked(tree_adopted())
    assert story.when(examples.job_requested(40, ONE, step_order=2)) is VoidReason.JOB_EXISTS
    story.given(examples.job_requested(41, ONE, step_order=2), examples.image_produced(41, ONE, step_order=2))
    assert story.candidate(ONE).live_children == 1
    assert story.when(tree_adopted(candidates=(adopted(7),), votes=())) is VoidReason.JOB_EXISTS


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"candidates": (adopted(3, step_order=9),)}, VoidReason.UNKNOWN_STEP),
        ({"candidates": (adopted(3, CandidateId("nobody"), step_order=2),)}, VoidReason.UNKNOWN_CANDIDATE),
        ({"candidates": (adopted(3, ONE, step_order=3),)}, VoidReason.OTHER_STEP),
        ({"candidates": (adopted(3, step_order=2),)}, VoidReason.OTHER_STEP),
        ({"candidates": (adopted(3), adopted(1))}, VoidReason.NOTHING_CHANGES),
        ({"votes": (adopted_vote(8, 1, 5),)}, VoidReason.UNKNOWN_CANDIDATE),
        ({"votes": (adopted_vote(8, 1, 1),)}, VoidReason.SAME_CANDIDATE),
        ({"votes": (adopted_vote(8, 1, 2, step_order=2),)}, VoidReason.OTHER_STEP),
    ],
)
def test_a_part_that_does_not_fit_is_void_as_a_whole(part: dict[str, object], reason: VoidReason) -> None:
    story = forked(tree_adopted())
    before = (len(story.run.candidates), story.run.votes)
    assert story.when(tree_adopted(**{"candidates": (), "votes": ()} | part)) is reason
    assert (len(story.run.candidates), story.run.votes) == before


def test_a_completed_run_adopts_nothing() -> None:
    story = started().given(RunCompleted(run_id=RUN))
    assert story.when(tree_adopted()) is VoidReason.RUN_COMPLETED
