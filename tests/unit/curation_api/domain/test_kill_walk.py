"""KILL-2 to KILL-4."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId
from curation_api.domain.kill_walk import Neighbour, WalkEnd, WalkState, WalkStep, walk_left

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
