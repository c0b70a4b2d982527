"""Rescorings: asked for, finished, promoted, dropped; and whose ratings count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.projector.histories import history
from unit.projector.story import Story, started

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, Position, VoteId
from carnival.contracts.rating import (
    RatingChoice,
    RatingSystemPromoted,
    RescoringDropped,
    RescoringFinished,
    RescoringRequested,
)
from carnival.contracts.rating_systems import RatingSystemName
from carnival.contracts.run import RunChanged
from carnival.contracts.verdict import VoidReason
from carnival.contracts.vote import Outcome, VoteRetracted
from carnival.testing import examples
from carnival.testing.examples import RUN

REQUESTED = RescoringRequested(rescoring_id="s1", system="elo", settings={"k": 24})
FINISHED = RescoringFinished(rescoring_id="s1", system="elo", up_to=Position(9), votes=4, digest="d")
PROMOTED = RatingSystemPromoted(rescoring_id="s1", system="elo")
DROPPED = RescoringDropped(rescoring_id="s1", system="elo")


def promotion(system: str, number: int = 1, **chosen: float) -> list[Event]:
    """All that makes `system` the one in force."""
    name = f"{system}-{number}"
    return [
        RescoringRequested(rescoring_id=name, system=system, settings={**chosen}),
        RescoringFinished(rescoring_id=name, system=system, up_to=Position(1), votes=0, digest="d"),
        RatingSystemPromoted(rescoring_id=name, system=system),
    ]


def voted(*opening: Event, **run: object) -> tuple[Story, CandidateId, CandidateId]:
    """One vote between two base images, after `opening`."""
    story = Story(*opening, examples.pipeline_defined(), examples.run_started(**run))
    one, two = story.base(1), story.base(2)
    story.given(examples.vote_cast(one, two, vote_id=VoteId("v1")))
    return story, one, two


def lead(story: Story, one: CandidateId, two: CandidateId) -> int:
    return story.candidate(one).rating - story.candidate(two).rating


def test_a_rescoring_is_requested_finished_and_promoted() -> None:
    story = Story(REQUESTED, FINISHED, PROMOTED)
    rescoring = story.model.rescorings["s1"]
    assert (rescoring.state, rescoring.up_to, rescoring.votes, rescoring.digest) == ("promoted", 9, 4, "d")
    for again in (REQUESTED, FINISHED, PROMOTED, DROPPED):
        assert story.when(again) is VoidReason.NOTHING_CHANGES


def test_nothing_is_finished_that_nobody_asked_for_and_nothing_promoted_unfinished() -> None:
    story = Story()
    assert story.when(FINISHED) is VoidReason.UNKNOWN_RESCORING
    story.given(REQUESTED)
    assert story.when(PROMOTED) is VoidReason.UNKNOWN_RESCORING


def test_what_was_dropped_is_neither_finished_nor_promoted() -> None:
    story = Story(REQUESTED, DROPPED)
    assert story.when(FINISHED) is VoidReason.NOTHING_CHANGES
    assert story.when(PROMOTED) is VoidReason.UNKNOWN_RESCORING


@pytest.mark.parametrize(
    ("system", "chosen"), [("chess", {}), ("elo", {"k": -1}), ("elo", {"K": 24}), ("elo", {"k": []})]
)
def test_a_system_that_does_not_exist_rates_nobody(system: str, chosen: dict[str, object]) -> None:
    asked = RescoringRequested.model_validate({"rescoring_id": "s1", "system": system, "settings": chosen})
    choice = RatingChoice.model_validate({"system": system, "settings": chosen})
    story = started()
    for event in (asked, RunChanged(run_id=RUN, rating=choice), examples.run_started(run_id="other", rating=choice)):
        assert story.when(event) is VoidReason.UNKNOWN_RATING_SYSTEM


def test_promotion_rates_old_votes_and_new_ones() -> None:
    story, one, two = voted()
    assert lead(story, one, two) == 32
    story.given(*promotion("elo", k=24))
    assert lead(story, one, two) == 24
    story.given(examples.vote_cast(one, two, Outcome.RIGHT, vote_id=VoteId("v2"), voter="bob"))
    assert lead(story, one, two) == -2


def test_a_system_promoted_before_can_be_promoted_again() -> None:
    story, one, two = voted()
    story.given(*promotion("elo", 1, k=24), *promotion("elo", 2, k=100))
    assert lead(story, one, two) == 100
    story.given(RatingSystemPromoted(rescoring_id="elo-1", system="elo"))
    assert lead(story, one, two) == 24


def test_a_pinned_run_keeps_its_system() -> None:
    story, one, two = voted(rating=RatingChoice(system="elo", settings={"k": 10}))
    story.given(*promotion("elo", k=24))
    assert lead(story, one, two) == 10
    story.given(RunChanged(run_id=RUN, follows_promoted=True))
    assert lead(story, one, two) == 24
    story.given(RunChanged(run_id=RUN, rating=RatingChoice(system="weng-lin")))
    assert lead(story, one, two) > 100
    again = RunChanged(run_id=RUN, rating=RatingChoice(system="weng-lin"))
    assert story.when(again) is VoidReason.NOTHING_CHANGES


@settings(max_examples=40)
@given(
    st.integers(0, 2**32),
    st.integers(10, 200),
    st.integers(0, 200),
    st.sampled_from([name.value for name in RatingSystemName]),
)
def test_ratings_do_not_depend_on_when_a_system_was_promoted(seed: int, length: int, at: int, system: str) -> None:
    events = history(seed, length)
    early, late = Story(*promotion(system)), Story()
    for number, event in enumerate(events):
        early.when(event)
        if number == at:
            late.given(*promotion(system))
        late.when(event)
    if at >= length:
        late.given(*promotion(system))
    assert ratings(early) == ratings(late)


def test_a_retraction_leaves_the_ratings_of_the_other_votes() -> None:
    for system in RatingSystemName:
        story, one, two = voted(*promotion(system))
        three = story.base(3)
        story.given(examples.vote_cast(two, three, vote_id=VoteId("v2")))
        story.given(VoteRetracted(vote_id=VoteId("v1"), run_id=RUN, voter="ada"))
        assert story.candidate(one).rating == 1000
        assert story.candidate(two).rating > 1000 > story.candidate(three).rating


def ratings(story: Story) -> dict[str, list[int]]:
    return {key: [one.rating for one in run.candidates.values()] for key, run in story.model.runs.items()}
