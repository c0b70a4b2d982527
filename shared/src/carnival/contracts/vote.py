"""Votes: one choice between two candidates of one step. Written by curation-api."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, RunId, VoteId


class Outcome(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class VoteCast(Event):
    """`left_id` and `right_id` are the sides as shown (VOTE-6). Ratings are not in here: they are a fold (ELO-4)."""

    wire_name: ClassVar[str] = "VoteCast"

    vote_id: VoteId
    run_id: RunId
    step_order: int
    voter: Annotated[str, Field(min_length=1)]
    left_id: CandidateId
    right_id: CandidateId
    outcome: Outcome
    milliseconds: Annotated[int, Field(ge=0)] | None = None


class VoteRetracted(Event):
    """The voter takes the vote back; ratings become those of the log without it (VOTE-7)."""

    wire_name: ClassVar[str] = "VoteRetracted"

    vote_id: VoteId
    run_id: RunId
    voter: Annotated[str, Field(min_length=1)]
