"""Votes, ratings, retractions."""

from __future__ import annotations

import pytest
from unit.projector.story import Story, started

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import CandidateId, VoteId
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import Outcome, VoteRetracted
from carnival.testing import examples
from carnival.testing.examples import RUN
from projector.domain.ratings import elo


def pair() -> tuple[Story, CandidateId, CandidateId]:
    story = started()
    return story, story.base(1), story.base(2)


def ratings(story: Story, *candidates: CandidateId) -> list[int]:
    return [story.candidate(candidate).rating for candidate in candidates]


def retraction(vote: str, voter: str = "ada") -> VoteRetracted:
    return VoteRetracted(vote_id=VoteId(vote), run_id=RUN, voter=voter)


@pytest.mark.parametrize(
    ("lead", "result", "expected"),
    [
        (0, elo.WON, 16),
        (0, elo.TIED, 0),
        (16, elo.WON, 15),
        (-400, elo.WON, 29),
        (719, elo.WON, 1),
        (720, elo.WON, 0),
        (-720, elo.WON, 32),
        (200, elo.TIED, -8),
        (-200, elo.TIED, 8),
        (10**9, elo.WON, 0),
        (-(10**9), elo.WON, 32),
    ],
)
def test_the_change_of_a_rating(lead: int, result: float, expected: int) -> None:
    assert elo.change(lead, result) == expected


@pytest.mark.parametrize("lead", range(-800, 801, 7))
def test_a_win_of_one_is_the_opposite_of_a_loss_of_the_other(lead: int) -> None:
    assert elo.change(lead, elo.WON) == -elo.change(-lead, 0.0)
    assert elo.change(lead, elo.TIED) == -elo.change(-lead, elo.TIED)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.LEFT, [1016, 984]),
        (Outcome.RIGHT, [984, 1016]),
        (Outcome.TIE, [1000, 1000]),
        (Outcome.BOTH_BAD, [1000, 1000]),
    ],
)
def test_a_vote_moves_both_ratings_and_both_counts(outcome: Outcome, expected: list[int]) -> None:
    story, left, right = pair()
    story.given(examples.vote_cast(left, right, outcome))
    assert ratings(story, left, right) == expected
    for candidate in (left, right):
        assert story.candidate(candidate).votes == 1
        assert story.candidate(candidate).both_bad == (1 if outcome is Outcome.BOTH_BAD else 0)
    assert story.run.votes == 1


def test_a_tie_moves_unequal_ratings_towards_each_other() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two), examples.vote_cast(one, two, Outcome.TIE, voter="bob"))
    assert ratings(story, one, two) == [1015, 985]


def test_a_pair_is_voted_on_once_by_each_voter_in_either_direction() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two))
    assert story.when(examples.vote_cast(one, two)) is VoidReason.PAIR_VOTED
    assert story.when(examples.vote_cast(two, one)) is VoidReason.PAIR_VOTED
    assert ratings(story, one, two) == [1016, 984]
    story.given(examples.vote_cast(two, one, voter="bob"))


def test_a_vote_needs_two_live_images_of_one_step() -> None:
    story, one, two = pair()
    child = story.child(3, one)
    stranger = examples.candidate_of("j9")
    assert story.when(examples.vote_cast(one, one)) is VoidReason.SAME_CANDIDATE
    assert story.when(examples.vote_cast(one, stranger)) is VoidReason.UNKNOWN_CANDIDATE
    assert story.when(examples.vote_cast(one, child)) is VoidReason.OTHER_STEP
    assert story.when(examples.vote_cast(one, two, step_order=2)) is VoidReason.OTHER_STEP
    story.given(CandidateRejected(run_id=RUN, candidate_id=one))
    assert story.when(examples.vote_cast(one, two)) is VoidReason.NOT_LIVE
    assert story.run.votes == 0


def test_a_vote_id_is_used_once() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two, vote_id=VoteId("v1")))
    again = examples.vote_cast(one, two, vote_id=VoteId("v1"), voter="bob")
    assert story.when(again) is VoidReason.VOTE_EXISTS


def test_ratings_after_a_retraction_are_those_of_the_log_without_the_vote() -> None:
    story, one, two = pair()
    three = story.base(3)
    story.given(
        examples.vote_cast(one, two, vote_id=VoteId("v1")),
        examples.vote_cast(two, three, vote_id=VoteId("v2")),
        examples.vote_cast(three, one, vote_id=VoteId("v3")),
        retraction("v1"),
    )
    other, *_ = pair()
    other.base(3)
    other.given(examples.vote_cast(two, three), examples.vote_cast(three, one))
    assert ratings(story, one, two, three) == ratings(other, one, two, three)
    assert [story.candidate(c).votes for c in (one, two, three)] == [1, 1, 2]
    assert story.run.votes == 2


def test_a_retracted_pair_may_be_voted_on_again() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two, vote_id=VoteId("v1")), retraction("v1"))
    story.given(examples.vote_cast(two, one))
    assert ratings(story, one, two) == [984, 1016]


def test_only_the_voter_takes_a_vote_back_and_once() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two, vote_id=VoteId("v1")))
    assert story.when(retraction("v2")) is VoidReason.UNKNOWN_VOTE
    assert story.when(retraction("v1", voter="bob")) is VoidReason.OTHER_VOTER
    story.given(retraction("v1"))
    assert story.when(retraction("v1")) is VoidReason.ALREADY_RETRACTED
    assert ratings(story, one, two) == [1000, 1000]


def test_a_void_vote_is_nothing_to_take_back() -> None:
    story, one, _ = pair()
    assert story.when(examples.vote_cast(one, one, vote_id=VoteId("v1"))) is VoidReason.SAME_CANDIDATE
    assert story.when(retraction("v1")) is VoidReason.UNKNOWN_VOTE


def test_a_vote_of_another_run_is_unknown() -> None:
    story, one, two = pair()
    story.given(examples.vote_cast(one, two, vote_id=VoteId("v1")), examples.run_started(run_id="r2", folder="f2"))
    other = VoteRetracted(vote_id=VoteId("v1"), run_id=examples.run_started(run_id="r2").run_id, voter="ada")
    assert story.when(other) is VoidReason.UNKNOWN_VOTE


def test_votes_may_be_taken_back_after_the_image_was_rejected() -> None:
    story, one, two = pair()
    story.given(
        examples.vote_cast(one, two, Outcome.BOTH_BAD, vote_id=VoteId("v1")),
        CandidateRejected(run_id=RUN, candidate_id=one),
        retraction("v1"),
    )
    assert [story.candidate(c).both_bad for c in (one, two)] == [0, 0]


def test_two_images_of_one_step_that_show_the_same_are_no_pair() -> None:
    story = started()
    first, other, again = (_showing(story, number, pixels) for number, pixels in ((1, "aa"), (2, "bb"), (3, "aa")))
    assert [story.candidate(one).same_as for one in (first, other, again)] == [None, None, first]
    assert story.when(examples.vote_cast(first, again)) is VoidReason.SAME_PICTURE
    assert story.when(examples.vote_cast(again, other)) is None
    assert ratings(story, first, other, again) == [1000, 984, 1016]


def _showing(story: Story, number: int, pixels: str) -> CandidateId:
    made = examples.image_produced(number)
    image = made.image.model_copy(update={"pixel_sha256": pixels})
    story.given(examples.job_requested(number), made.model_copy(update={"image": image}))
    return made.candidate_id
