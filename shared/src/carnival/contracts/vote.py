"""Votes: one choice between two candidates of one step. Written by curation-api."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, GuestLinkId, RunId, VoteId


class Outcome(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class VoteCast(Event):
    """`left_id` and `right_id` are the sides as shown (VOTE-6). Ratings are not in here: they are a fold (ELO-4).

    `guest_link` is the link by which a guest came; None for a member. A guest's vote is kept apart until it is merged.
    """

    wire_name: ClassVar[str] = "VoteCast"

    vote_id: VoteId
    run_id: RunId
    step_order: int
    voter: Annotated[str, Field(min_length=1)]
    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    milliseconds: Annotated[int, Field(ge=0)] | None = None
    guest_link: GuestLinkId | None = None


class VoteRetracted(Event):
    """The voter takes the vote back; ratings become those of the log without it (VOTE-7)."""

    wire_name: ClassVar[str] = "VoteRetracted"

    vote_id: VoteId
    run_id: RunId
    voter: Annotated[str, Field(min_length=1)]


class GuestVotesMerged(Event):
    """Votes of guests count from now on as if members had cast them, each at its own place in the log.

    Those of the guest `voter`, of all guests of `guest_link`, or of all guests of the run where both are None; as far
    as they stand in the log before this event. Later ones are kept apart again.
    """

    wire_name: ClassVar[str] = "GuestVotesMerged"

    run_id: RunId
    guest_link: GuestLinkId | None = None
    voter: str | None = None


class GuestVotesSeparated(Event):
    """The opposite of GuestVotesMerged: the votes are kept apart again."""

    wire_name: ClassVar[str] = "GuestVotesSeparated"

    run_id: RunId
    guest_link: GuestLinkId | None = None
    voter: str | None = None
