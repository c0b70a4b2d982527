"""Where the view moves after a kill: left, to the true cause (KILL-2 to KILL-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from carnival.contracts.ids import CandidateId


class WalkEnd(StrEnum):
    """Why there is no further step to the left (KILL-4)."""

    NO_PARENT = "no_parent"
    PARENT_NOT_LIVE = "parent_not_live"
    NO_PARTNER = "no_partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A live image of the parent's column, the parent itself left out."""

    candidate_id: CandidateId
    is_sibling: bool
    compared: bool
    votes: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkState:
    """The killed image's parent and its column as this voter finds them."""

    parent_id: CandidateId | None
    parent_live: bool
    neighbours: Sequence[Neighbour]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkStep:
    """The parent beside a partner; `voting` is off when this pair was voted on before (KILL-3)."""

    parent_id: CandidateId
    partner_id: CandidateId
    voting: bool


def walk_left(state: WalkState) -> WalkStep | WalkEnd:
    """The next view, or why normal triage goes on. Of equals the one with the fewest votes, then the oldest."""
    if state.parent_id is None:
        return WalkEnd.NO_PARENT
    if not state.parent_live:
        return WalkEnd.PARENT_NOT_LIVE
    if not state.neighbours:
        return WalkEnd.NO_PARTNER
    partner = min(state.neighbours, key=_preference)
    return WalkStep(parent_id=state.parent_id, partner_id=partner.candidate_id, voting=not partner.compared)


def _preference(neighbour: Neighbour) -> tuple[bool, bool, int, int]:
    return (neighbour.compared, not neighbour.is_sibling, neighbour.votes, neighbour.position)
