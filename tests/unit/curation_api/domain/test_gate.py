"""GATE."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.curation_api.domain import build

from curation_api.domain.gate import GateState, Standing, approve_step, preview
from curation_api.domain.refusals import AlreadyApproved, FinalStep, NotGated, Refusal, RunEnded, StepUnknown
from curation_api.domain.run import RunState

RUN = replace(build.RUN, profile="gated")
GATE = GateState(step_order=1, last_order=3, approved_k=None)


def test_an_approval_names_its_step_and_k() -> None:
    event = approve_step(RUN, GATE, 1, 4)
    assert (event.step_order, event.k) == (1, 4)


@pytest.mark.parametrize(
    ("run", "gate", "kind"),
    [
        (RUN, None, StepUnknown),
        (replace(RUN, profile="autonomous"), GATE, NotGated),
        (replace(RUN, status="completed"), GATE, RunEnded),
        (RUN, replace(GATE, step_order=3), FinalStep),
        (RUN, replace(GATE, approved_k=2), AlreadyApproved),
    ],
)
def test_what_breaks_a_rule_is_refused(run: RunState, gate: GateState | None, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        approve_step(run, gate, 1, 3)


def test_the_best_advance_and_of_equals_the_older() -> None:
    column = [
        Standing(candidate_id="young", rating=1000, votes=9, position=8),
        Standing(candidate_id="best", rating=1016, votes=5, position=9),
        Standing(candidate_id="old", rating=1000, votes=4, position=2),
    ]
    placed = preview(column, 2)
    assert [(place.standing.candidate_id, place.advances) for place in placed] == [
        ("best", True),
        ("old", True),
        ("young", False),
    ]
    assert [place.few_votes for place in placed] == [False, True, False]


def test_k_above_the_number_of_images_means_all() -> None:
    assert all(place.advances for place in preview([Standing(candidate_id="a", rating=1, votes=0, position=1)], 9))
