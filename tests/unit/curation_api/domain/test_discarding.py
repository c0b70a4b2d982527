"""DISC."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carnival.contracts.ids import CandidateId, RunId
from curation_api.domain.candidate import CandidateState
from curation_api.domain.discarding import discard_images
from curation_api.domain.image_refusals import CandidateLive
from curation_api.domain.refusals import CandidateElsewhere

RUN = RunId("r1")
REJECTED = CandidateState(
    candidate_id=CandidateId("a"), run_id=RUN, step_order=1, parent_id=None, rejected=True, live=False
)
DEAD = replace(REJECTED, candidate_id=CandidateId("b"), rejected=False)


def test_rejected_and_dead_images_are_discarded_once() -> None:
    event = discard_images(RUN, [REJECTED, DEAD])
    assert event is not None
    assert event.candidate_ids == ("a", "b")
    gone = replace(REJECTED, discarded=True)
    event = discard_images(RUN, [gone, DEAD])
    assert event is not None
    assert event.candidate_ids == ("b",)
    assert discard_images(RUN, [gone]) is None
    assert discard_images(RUN, []) is None


def test_a_live_image_and_one_of_another_run_are_in_the_way_of_all() -> None:
    with pytest.raises(CandidateLive) as refused:
        discard_images(RUN, [REJECTED, replace(DEAD, live=True)])
    assert refused.value.facts["candidate_ids"] == ["b"]
    with pytest.raises(CandidateElsewhere):
        discard_images(RunId("r2"), [REJECTED])
