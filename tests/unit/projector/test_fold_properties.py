"""What holds after any history, sensible or not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.projector.histories import history
from unit.projector.recount import (
    counts_of_candidate,
    counts_of_column,
    counts_of_run,
    failures_of,
    is_live,
    ratings_of,
)
from unit.projector.story import Story

from carnival.contracts.envelope import Event
from carnival.contracts.ids import RunId
from carnival.contracts.job import ImageProduced
from carnival.contracts.rating import RatingSystemPromoted, RescoringRequested
from carnival.contracts.rating_systems import RatingSystemName
from carnival.contracts.vote import GuestVotesMerged, GuestVotesSeparated, VoteCast, VoteRetracted
from projector.domain.rows import Run

SEEDS = st.integers(min_value=0, max_value=2**32)
RATING_SYSTEMS = [name.value for name in RatingSystemName]
RUNS = (RunId("r0"), RunId("r1"))
LENGTHS = st.integers(min_value=5, max_value=220)


def told(events: list[Event]) -> tuple[Story, list[bool]]:
    story = Story()
    return story, [story.when(event) is None for event in events]


def accepted(story: Story, verdicts: list[bool]) -> list[Event]:
    return [fact.event for fact, counts in zip(story.facts, verdicts, strict=True) if counts]


@settings(max_examples=150)
@given(SEEDS, LENGTHS)
def test_every_count_equals_a_recount(seed: int, length: int) -> None:
    story, _ = told(history(seed, length))
    for run in story.model.runs.values():
        _matches(run, counts_of_run(run))
        for column in run.columns.values():
            _matches(column, counts_of_column(run, column))
        for candidate in run.candidates.values():
            _matches(candidate, counts_of_candidate(run, candidate))


@settings(max_examples=100)
@given(SEEDS, LENGTHS)
def test_failures_are_those_charged_since_the_last_new_start(seed: int, length: int) -> None:
    story, verdicts = told(history(seed, length))
    facts = [fact for fact, counts in zip(story.facts, verdicts, strict=True) if counts]
    for run in story.model.runs.values():
        assert {key: one.failures for key, one in run.candidates.items()} == failures_of(run, facts)


@settings(max_examples=100)
@given(SEEDS, LENGTHS)
def test_live_is_what_its_definition_says(seed: int, length: int) -> None:
    story, _ = told(history(seed, length))
    for run in story.model.runs.values():
        assert all(candidate.live == is_live(candidate) for candidate in run.candidates.values())


@settings(max_examples=150)
@given(SEEDS, LENGTHS)
def test_ratings_are_the_fold_of_the_standing_votes_and_conserve_their_sum(seed: int, length: int) -> None:
    story, verdicts = told(history(seed, length))
    facts = [fact for fact, counts in zip(story.facts, verdicts, strict=True) if counts]
    for run in story.model.runs.values():
        found = {key: (one.rating, one.votes, one.both_bad) for key, one in run.candidates.items()}
        assert found == ratings_of(run, facts)
        assert sum(rating for rating, _, _ in found.values()) == 1000 * len(found)


@settings(max_examples=60)
@given(SEEDS, LENGTHS)
def test_an_image_is_the_same_as_the_oldest_of_its_column_with_its_pixels_and_no_vote_is_on_two_of_them(
    seed: int, length: int
) -> None:
    story, verdicts = told(history(seed, length))
    facts = accepted(story, verdicts)
    for run in story.model.runs.values():
        pixels = {
            event.candidate_id: event.image.pixel_sha256
            for event in facts
            if isinstance(event, ImageProduced) and event.run_id == run.run_id
        }
        for candidate in run.candidates.values():
            alike = [
                one for one in candidate.column.members if pixels[one.candidate_id] == pixels[candidate.candidate_id]
            ]
            oldest = alike[0] if pixels[candidate.candidate_id] else candidate
            assert candidate.same_as == (None if oldest is candidate else oldest.candidate_id)
            assert (candidate.down_since is None) == candidate.live
        for vote in facts:
            if isinstance(vote, VoteCast) and vote.run_id == run.run_id:
                assert pixels[vote.left_id] is None or pixels[vote.left_id] != pixels[vote.right_id]


@settings(max_examples=60)
@given(SEEDS, LENGTHS)
def test_retracted_votes_might_as_well_never_have_been_cast(seed: int, length: int) -> None:
    story, verdicts = told(history(seed, length))
    facts = accepted(story, verdicts)
    gone = {event.vote_id for event in facts if isinstance(event, VoteRetracted)}
    without = [event for event in facts if not (isinstance(event, VoteCast | VoteRetracted) and event.vote_id in gone)]
    other, _ = told(without)
    assert _ratings(story) == _ratings(other)


@settings(max_examples=100)
@given(SEEDS, LENGTHS, st.sampled_from(RATING_SYSTEMS))
def test_merged_votes_are_the_same_as_members_votes_at_the_same_places(seed: int, length: int, system: str) -> None:
    """Whatever was merged and separated before, by every rating system."""
    events = history(seed, length)
    promoted = RatingSystemPromoted(rescoring_id="s1", system=system, settings={})
    merged = [GuestVotesMerged(run_id=run_id) for run_id in RUNS]
    guests, _ = told([RescoringRequested(rescoring_id="s1", system=system), promoted, *events, *merged])
    members, _ = told([RescoringRequested(rescoring_id="s1", system=system), promoted, *map(_as_member, events)])
    assert _ratings(guests) == _ratings(members)
    assert [run.votes for run in guests.model.runs.values()] == [run.votes for run in members.model.runs.values()]


@settings(max_examples=100)
@given(SEEDS, LENGTHS)
def test_guests_votes_kept_apart_might_as_well_never_have_been_cast(seed: int, length: int) -> None:
    events = history(seed, length)
    separated = [GuestVotesSeparated(run_id=run_id) for run_id in RUNS]
    apart, verdicts = told([*events, *separated])
    without = [event for event in accepted(apart, verdicts) if not _is_of_guest(event)]
    assert _ratings(apart) == _ratings(told(without)[0])


@settings(max_examples=60)
@given(SEEDS, LENGTHS)
def test_void_events_leave_nothing_but_the_position(seed: int, length: int) -> None:
    story, verdicts = told(history(seed, length))
    other, again = told(accepted(story, verdicts))
    assert all(again)
    assert _ratings(story) == _ratings(other)
    assert [counts_of_run(run) for run in story.model.runs.values()] == [
        counts_of_run(run) for run in other.model.runs.values()
    ]


def _as_member(event: Event) -> Event:
    return event.model_copy(update={"guest_link": None}) if isinstance(event, VoteCast) else event


def _is_of_guest(event: Event) -> bool:
    return isinstance(event, VoteCast) and event.guest_link is not None


def _ratings(story: Story) -> dict[str, list[tuple[int, int, int]]]:
    return {
        run_id: [(one.rating, one.votes, one.both_bad) for one in run.candidates.values()]
        for run_id, run in story.model.runs.items()
    }


def _matches(row: Run | object, expected: dict[str, object] | dict[str, int]) -> None:
    assert {name: getattr(row, name) for name in expected} == expected
