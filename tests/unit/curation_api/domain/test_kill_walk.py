"""KILL-2 to KILL-4."""

from __future__ import annotations

import pytest

from carnival.contracts.ids import CandidateId, EventId, RunId
from curation_api.domain.kill_walk import (
    Ancestor,
    Neighbour,
    Walk,
    WalkAnswer,
    WalkEnd,
    WalkState,
    WalkStep,
    answer_walk,
    start_walk,
    walk_left,
)
from curation_api.domain.refusals import AlreadyRejected, CandidateElsewhere

PARENT = CandidateId("parent")


def neighbour(
    name: str, *, sibling: bool = False, compared: bool = False, votes: int = 0, position: int = 1
) -> Neighbour:
    return Neighbour(
        candidate_id=CandidateId(name), is_sibling=sibling, compared=compared, votes=votes, position=position
    )


def walk(*neighbours: Neighbour) -> WalkStep | WalkEnd:
    return walk_left(WalkState(parent_id=PARENT, parent_live=True, neighbours=neighbours))


def partner(*neighbours: Neighbour) -> tuple[str, bool]:
    step = walk(*neighbours)
    assert isinstance(step, WalkStep)
    assert step.parent_id == PARENT
    return step.partner_id, step.voting


def test_a_sibling_not_yet_compared_comes_first() -> None:
    assert partner(neighbour("cousin"), neighbour("sibling", sibling=True, votes=9)) == ("sibling", True)


def test_then_anybody_of_the_column_not_yet_compared() -> None:
    assert partner(neighbour("sibling", sibling=True, compared=True), neighbour("cousin")) == ("cousin", True)


def test_then_anybody_with_voting_switched_off() -> None:
    compared = (neighbour("cousin", compared=True), neighbour("sibling", sibling=True, compared=True))
    assert partner(*compared) == ("sibling", False)


def test_of_equals_the_one_with_the_fewest_votes_then_the_oldest() -> None:
    found = partner(neighbour("x", votes=2), neighbour("y", votes=1, position=8), neighbour("z", votes=1, position=4))
    assert found == ("z", True)


def test_the_walk_ends_without_parent_live_parent_or_partner() -> None:
    assert walk_left(WalkState(parent_id=None, parent_live=False, neighbours=())) is WalkEnd.NO_PARENT
    dead = WalkState(parent_id=PARENT, parent_live=False, neighbours=(neighbour("x"),))
    assert walk_left(dead) is WalkEnd.PARENT_NOT_LIVE
    assert walk() is WalkEnd.NO_PARTNER


def ancestor(name: str, step_order: int, *, walk_id: str | None = None) -> Ancestor:
    return Ancestor(
        candidate_id=CandidateId(name),
        run_id=RunId("r1"),
        step_order=step_order,
        parent_id=None,
        rejected=walk_id is not None,
        live=walk_id is None,
        walk_id=EventId(walk_id) if walk_id else None,
    )


WALK = Walk(
    walk_id=EventId("w1"),
    path=[ancestor("base", 1, walk_id="w2"), ancestor("child", 2), ancestor("final", 3, walk_id="w1")],
)


def test_a_walk_begins_with_a_kill() -> None:
    event = start_walk(ancestor("final", 3).state, "six fingers", EventId("w1"))
    assert (event.candidate_id, event.walk_id, event.note) == ("final", "w1", "six fingers")
    with pytest.raises(AlreadyRejected):
        start_walk(ancestor("final", 3, walk_id="w2").state, "", EventId("w1"))


def test_only_the_parent_too_kills() -> None:
    event = answer_walk(WALK, CandidateId("child"), WalkAnswer.PARENT_TOO, "")
    assert event is not None
    assert (event.candidate_id, event.walk_id) == ("child", "w1")
    for answer in (WalkAnswer.ONLY_THIS, WalkAnswer.FURTHER_LEFT):
        assert answer_walk(WALK, CandidateId("child"), answer, "") is None
    assert answer_walk(WALK, CandidateId("base"), WalkAnswer.PARENT_TOO, "") is None
    with pytest.raises(CandidateElsewhere):
        answer_walk(WALK, CandidateId("other"), WalkAnswer.PARENT_TOO, "")


def test_a_walk_knows_its_own_kills_only_and_goes_on_from_the_leftmost() -> None:
    assert [one.candidate_id for one in WALK.killed] == ["final"]
    place = WALK.place(None)
    assert place is not None
    assert place.candidate_id == "final"
    assert Walk(walk_id=EventId("w3"), path=WALK.path).place(None) is None
