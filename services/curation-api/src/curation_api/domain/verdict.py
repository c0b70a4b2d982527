"""What the fold's verdict on an event means for the person who sent the command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position
from carnival.contracts.run import RunCompleted
from carnival.contracts.verdict import VoidReason
from curation_api.domain.refusals import (
    AlreadyApproved,
    CandidateNotLive,
    CommandVoid,
    FinalStep,
    NotGated,
    OtherVoter,
    Refusal,
    RunEnded,
    SamePicture,
    VoteDuplicate,
)

_HOLDS_ANYWAY: Final = frozenset(
    {
        VoidReason.ALREADY_REJECTED,
        VoidReason.NOT_REJECTED,
        VoidReason.ALREADY_RETRACTED,
        VoidReason.NOTHING_CHANGES,
        VoidReason.NO_WINNER,
    }
)
_WORDS: Final[Mapping[VoidReason, str]] = {
    VoidReason.UNKNOWN_PIPELINE: "The pipeline does not exist",
    VoidReason.VERSION_EXISTS: "This version of the pipeline was defined by somebody else a moment before",
    VoidReason.UNKNOWN_RUN: "The run does not exist",
    VoidReason.RUN_EXISTS: "The run exists already",
    VoidReason.RUN_COMPLETED: "The run was completed a moment before",
    VoidReason.UNKNOWN_STEP: "The run has no such step",
    VoidReason.NOT_GATED: "The run needs no approvals",
    VoidReason.ALREADY_APPROVED: "The step was approved a moment before",
    VoidReason.FINAL_STEP: "The final step needs no approval",
    VoidReason.UNKNOWN_CANDIDATE: "The candidate does not exist in this run",
    VoidReason.NOT_LIVE: "The image was rejected a moment before",
    VoidReason.SAME_CANDIDATE: "An image cannot be compared with itself",
    VoidReason.SAME_PICTURE: "Both images show the very same picture",
    VoidReason.OTHER_STEP: "The images do not belong to one step",
    VoidReason.PAIR_VOTED: "This voter has voted on this pair before",
    VoidReason.VOTE_EXISTS: "The vote exists already",
    VoidReason.UNKNOWN_VOTE: "The vote does not exist",
    VoidReason.OTHER_VOTER: "The vote belongs to somebody else",
    VoidReason.UNKNOWN_RESCORING: "The rescoring was dropped a moment before",
    VoidReason.UNKNOWN_RATING_SYSTEM: "There is no such rating system",
}

_KINDS: Final[Mapping[VoidReason, type[Refusal]]] = {
    VoidReason.RUN_COMPLETED: RunEnded,
    VoidReason.NOT_GATED: NotGated,
    VoidReason.ALREADY_APPROVED: AlreadyApproved,
    VoidReason.FINAL_STEP: FinalStep,
    VoidReason.NOT_LIVE: CandidateNotLive,
    VoidReason.SAME_PICTURE: SamePicture,
    VoidReason.PAIR_VOTED: VoteDuplicate,
    VoidReason.OTHER_VOTER: OtherVoter,
}


def holds_anyway(event: Event, reason: VoidReason) -> bool:
    """Whether what the void event wanted is so already: somebody else was faster, and nobody needs to be told."""
    ended_twice = isinstance(event, RunCompleted) and reason is VoidReason.RUN_COMPLETED
    return ended_twice or is_so_already(reason)


def is_so_already(reason: VoidReason) -> bool:
    """Whether the reason means that what was wanted is true, whatever the event."""
    return reason in _HOLDS_ANYWAY


def refusal_for(reason: VoidReason, position: Position) -> Refusal:
    """The refusal a void event stands for. A reason of no kind of its own becomes CommandVoid."""
    words = _WORDS.get(reason, f"The event has no effect ({reason.value.replace('_', ' ')})")
    return _KINDS.get(reason, CommandVoid)(words, reason=reason.value, position=position)
