"""Where the view moves after a kill: left, to the true cause (KILL-2 to KILL-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import CandidateId, EventId, RunId
from curation_api.domain.candidate import CandidateState, reject_candidate
from curation_api.domain.refusals import AlreadyRejected, CandidateElsewhere


class WalkEnd(StrEnum):
    """Why there is no further step to the left."""

    NO_PARENT = "no_parent"
    PARENT_NOT_LIVE = "parent_not_live"
    NO_PARTNER = "no_partner"
    ONLY_THIS = "only_this"
    """The person is content with what was killed."""
    UNDONE = "undone"


class WalkAnswer(StrEnum):
    """What a person says to the parent that is shown."""

    ONLY_THIS = "only_this"
    PARENT_TOO = "parent_too"
    FURTHER_LEFT = "further_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A live image of the parent's column, the parent itself left out. `compared`: there is nothing to vote on."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """One image on the way from the base to the image a walk began with. `walk_id` is the walk that rejected it."""

    candidate_id: CandidateId
    run_id: RunId
    step_order: int
    parent_id: CandidateId | None
    rejected: bool
    live: bool
    walk_id: EventId | None

    @property
    def state(self) -> CandidateState:
        return CandidateState(
            candidate_id=self.candidate_id,
            run_id=self.run_id,
            step_order=self.step_order,
            parent_id=self.parent_id,
            rejected=self.rejected,
            live=self.live,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A kill-left walk as the log tells it: `path` leads from the base to the image it began with.

    Which of them is being looked at is the client's own affair; nothing of a walk is held in memory.
    """

    walk_id: EventId
    path: Sequence[Ancestor]

    @property
    def killed(self) -> tuple[Ancestor, ...]:
        """Rejected by this walk and not restored since, the rightmost first."""
        return tuple(one for one in reversed(self.path) if one.rejected and one.walk_id == self.walk_id)

    def place(self, at: CandidateId | None) -> Ancestor | None:
        """The image `at`, whose parent is to be looked at; for None the one that was killed furthest left.

        None if the walk was undone. Raises CandidateElsewhere if the walk does not lead past `at`.
        """
        if not self.killed:
            return None
        return self.killed[-1] if at is None else self.on_the_way(at)

    def on_the_way(self, candidate_id: CandidateId) -> Ancestor:
        """Raises CandidateElsewhere."""
        for one in self.path:
            if one.candidate_id == candidate_id:
                return one
        raise CandidateElsewhere("The walk does not lead past this image", candidate_id=candidate_id)


def start_walk(candidate: CandidateState, note: str, walk_id: EventId) -> CandidateRejected:
    """The kill that a walk begins with. Raises AlreadyRejected."""
    event = reject_candidate(candidate, note, walk_id)
    if event is None:
        raise AlreadyRejected(
            "A walk begins with a kill, and this image is rejected", candidate_id=candidate.candidate_id
        )
    return event


def answer_walk(walk: Walk, parent_id: CandidateId, answer: WalkAnswer, note: str) -> CandidateRejected | None:
    """What an answer to the parent shown changes: only "the parent too" does. Raises CandidateElsewhere."""
    parent = walk.on_the_way(parent_id)
    return reject_candidate(parent.state, note, walk.walk_id) if answer is WalkAnswer.PARENT_TOO else None


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
