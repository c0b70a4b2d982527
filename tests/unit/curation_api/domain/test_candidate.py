"""KILL-1, KILL-7, WIN-2."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.curation_api.domain.build import RUN

from carnival.contracts.candidate import RejectionReason
from carnival.contracts.ids import CandidateId, RunId
from curation_api.domain.candidate import (
    CandidateState,
    choose_winner,
    clear_winner,
    reject_candidate,
    restore_candidate,
)
from curation_api.domain.refusals import CandidateElsewhere, CandidateNotLive

LIVE = CandidateState(
    candidate_id=CandidateId("a"), run_id=RunId("r1"), step_order=1, parent_id=None, rejected=False, live=True
)
REJECTED = replace(LIVE, rejected=True, live=False)
DEAD = replace(LIVE, live=False)


def test_a_kill_is_a_rejection_with_its_reason() -> None:
    event = reject_candidate(LIVE, "six fingers")
    assert event is not None
    assert (event.reason, event.note) == (RejectionReason.KILLED, "six fingers")


def test_a_dead_image_can_be_rejected_on_its_own() -> None:
    assert reject_candidate(DEAD, "") is not None


def test_killing_again_and_restoring_what_lives_change_nothing() -> None:
    assert reject_candidate(REJECTED, "") is None
    assert restore_candidate(REJECTED) is not None
    assert restore_candidate(DEAD) is None


def test_the_winner_is_a_live_image_of_the_run() -> None:
    assert choose_winner(RUN, LIVE) is not None
    assert choose_winner(replace(RUN, winner_id="b"), LIVE) is not None
    assert choose_winner(replace(RUN, winner_id="a"), LIVE) is None
    with pytest.raises(CandidateNotLive):
        choose_winner(RUN, DEAD)
    with pytest.raises(CandidateElsewhere):
        choose_winner(RUN, replace(LIVE, run_id=RunId("r2")))


def test_a_mark_is_removed_once() -> None:
    assert clear_winner(replace(RUN, winner_id="a")) is not None
    assert clear_winner(RUN) is None
