"""Killing and reviving branches, nested ones too."""

from __future__ import annotations

from unit.projector.story import Story, started

from carnival.contracts.candidate import CandidateRejected, CandidateRestored, ImagesDiscarded, RejectionReason
from carnival.contracts.ids import CandidateId, EventId
from carnival.contracts.run import WinnerChosen
from carnival.contracts.verdict import VoidReason
from carnival.testing import examples
from carnival.testing.examples import RUN


def rejected(candidate_id: CandidateId) -> CandidateRejected:
    return CandidateRejected(run_id=RUN, candidate_id=candidate_id)


def restored(candidate_id: CandidateId) -> CandidateRestored:
    return CandidateRestored(run_id=RUN, candidate_id=candidate_id)


def branch() -> tuple[Story, CandidateId, CandidateId, CandidateId]:
    """A base, its child, its grandchild, and an open job below the child."""
    story = started()
    base = story.base(1)
    child = story.child(2, base)
    grandchild = story.child(3, child, step_order=3)
    story.given(examples.job_requested(4, child, step_order=3))
    return story, base, child, grandchild


def lives(story: Story, *candidates: CandidateId) -> list[bool]:
    return [story.candidate(candidate).live for candidate in candidates]


def test_a_kill_makes_the_whole_branch_dead_and_keeps_its_statuses() -> None:
    story, base, child, grandchild = branch()
    assert (story.run.live_finals, story.run.open_live_jobs) == (1, 1)
    story.given(rejected(base))
    assert lives(story, base, child, grandchild) == [False, False, False]
    assert [story.candidate(one).rejected for one in (base, child, grandchild)] == [True, False, False]
    assert (story.run.live_finals, story.run.open_live_jobs, story.run.open_jobs) == (0, 0, 1)
    assert [
        (story.column(order).live, story.column(order).rejected, story.column(order).dead) for order in (1, 2, 3)
    ] == [
        (0, 1, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]


def test_a_kill_frees_the_parents_slot_once() -> None:
    story, base, child, _ = branch()
    story.given(rejected(child))
    assert story.candidate(base).live_children == 0
    assert story.when(rejected(child)) is VoidReason.ALREADY_REJECTED
    assert story.candidate(base).live_children == 0


def test_an_undone_kill_revives_what_was_dead_only_because_of_it() -> None:
    story, base, child, grandchild = branch()
    story.given(rejected(base), rejected(child), restored(base))
    assert lives(story, base, child, grandchild) == [True, False, False]
    assert (story.candidate(base).live_children, story.run.live_finals, story.run.open_live_jobs) == (0, 0, 0)
    story.given(restored(child))
    assert lives(story, base, child, grandchild) == [True, True, True]
    assert (story.candidate(base).live_children, story.candidate(child).live_children) == (1, 1)
    assert (story.run.live_finals, story.run.open_live_jobs) == (1, 1)


def test_restoring_below_a_rejected_ancestor_leaves_it_dead() -> None:
    story, base, child, grandchild = branch()
    story.given(rejected(child), rejected(base), restored(child))
    assert lives(story, base, child, grandchild) == [False, False, False]
    assert (story.column(2).rejected, story.column(2).dead) == (0, 1)
    story.given(restored(base))
    assert lives(story, base, child, grandchild) == [True, True, True]


def test_rejection_and_restoration_are_checked() -> None:
    story = started()
    base = story.base(1)
    stranger = examples.candidate_of("j9")
    assert story.when(rejected(stranger)) is VoidReason.UNKNOWN_CANDIDATE
    assert story.when(restored(stranger)) is VoidReason.UNKNOWN_CANDIDATE
    assert story.when(restored(base)) is VoidReason.NOT_REJECTED


def test_reason_and_note_are_kept_until_restored() -> None:
    story = started()
    base = story.base(1)
    story.given(CandidateRejected(run_id=RUN, candidate_id=base, reason=RejectionReason.FAILURES, note="three times"))
    assert (story.candidate(base).reject_reason, story.candidate(base).reject_note) == ("failures", "three times")
    story.given(restored(base))
    assert (story.candidate(base).reject_reason, story.candidate(base).reject_note) == (None, "")


def test_the_kills_of_one_walk_are_marked_until_restored() -> None:
    story = started()
    base = story.base(1)
    story.given(CandidateRejected(run_id=RUN, candidate_id=base, walk_id=EventId("w1")))
    assert story.candidate(base).reject_walk == "w1"
    story.given(restored(base))
    assert story.candidate(base).reject_walk is None


def test_a_parent_rejected_for_failures_gets_a_new_start_and_a_killed_one_keeps_its_count() -> None:
    for reason, left in ((RejectionReason.FAILURES, 0), (RejectionReason.KILLED, 1)):
        story = started()
        base = story.base(1)
        story.given(examples.job_requested(2, base, step_order=2), examples.job_failed(2))
        story.given(CandidateRejected(run_id=RUN, candidate_id=base, reason=reason), restored(base))
        assert story.candidate(base).failures == left


def test_a_winner_must_be_live() -> None:
    story, base, child, _ = branch()
    story.given(rejected(base))
    assert story.when(WinnerChosen(run_id=RUN, candidate_id=child)) is VoidReason.NOT_LIVE


def test_only_files_of_rejected_or_dead_candidates_are_discarded() -> None:
    story, _, child, grandchild = branch()
    other = story.base(5)
    story.given(rejected(child), ImagesDiscarded(run_id=RUN, candidate_ids=(child, grandchild, other)))
    assert [story.candidate(one).discarded for one in (child, grandchild, other)] == [True, True, False]
    again = ImagesDiscarded(run_id=RUN, candidate_ids=(child,))
    assert story.when(again) is VoidReason.NOTHING_CHANGES
    unknown = ImagesDiscarded(run_id=RUN, candidate_ids=(child, examples.candidate_of("j9")))
    assert story.when(unknown) is VoidReason.UNKNOWN_CANDIDATE


def test_an_image_knows_since_when_it_is_down_and_a_restoration_starts_anew() -> None:
    story, base, child, grandchild = branch()
    story.given(rejected(child))
    assert story.candidate(base).down_since is None
    since = story.candidate(grandchild).down_since
    assert since is not None
    story.given(rejected(base))
    assert story.candidate(grandchild).down_since == since
    story.given(restored(base), restored(child))
    assert [story.candidate(one).down_since for one in (base, child, grandchild)] == [None, None, None]
