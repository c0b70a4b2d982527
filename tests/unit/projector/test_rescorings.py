"""Rescorings: asked for, finished, promoted."""

from __future__ import annotations

from unit.projector.story import Story

from carnival.contracts.ids import Position
from carnival.contracts.rating import RatingSystemPromoted, RescoringFinished, RescoringRequested
from carnival.contracts.verdict import VoidReason

REQUESTED = RescoringRequested(rescoring_id="s1", system="elo", settings={"k": 24})
FINISHED = RescoringFinished(rescoring_id="s1", system="elo", up_to=Position(9), votes=4, digest="d")
PROMOTED = RatingSystemPromoted(rescoring_id="s1", system="elo")


def test_a_rescoring_is_requested_finished_and_promoted() -> None:
    story = Story(REQUESTED, FINISHED, PROMOTED)
    rescoring = story.model.rescorings["s1"]
    assert (rescoring.state, rescoring.up_to, rescoring.votes, rescoring.digest) == ("promoted", 9, 4, "d")
    for again in (REQUESTED, FINISHED, PROMOTED):
        assert story.when(again) is VoidReason.NOTHING_CHANGES


def test_nothing_is_finished_that_nobody_asked_for_and_nothing_promoted_unfinished() -> None:
    story = Story()
    assert story.when(FINISHED) is VoidReason.UNKNOWN_RESCORING
    story.given(REQUESTED)
    assert story.when(PROMOTED) is VoidReason.UNKNOWN_RESCORING
