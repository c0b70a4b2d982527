"""Routes about votes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from carnival.contracts.ids import CandidateId, Position, RunId, VoteId
from carnival.contracts.vote import Outcome
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import (
    BATCH_MAX,
    INTEGER_MAX,
    LOCAL,
    FromWhere,
    Id,
    Identity,
    IdPath,
    Voter,
)
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import Name
from curation_api.adapters.http.written import BatchWritten, Written, batch_written, written
from curation_api.application.views.page import Page
from curation_api.application.views.vote import CastVoteView, VoteView
from curation_api.domain.refusals import (
    CandidateNotLive,
    CandidateUnknown,
    OtherColumn,
    OtherVoter,
    SameCandidate,
    SamePicture,
    VoteDuplicate,
    VoteUnknown,
)
from curation_api.domain.voting import CastVote, Choice

ID = r"^[A-Za-z0-9_-]{1,64}$"


class VoteBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    left_id: str = Field(pattern=ID, description="The image that stood on the left.")
    right_id: str = Field(pattern=ID)
    outcome: Choice = Field(description="`skip` casts no vote: the pair is not offered next, for an hour.")
    voter: Name = LOCAL
    run_id: str | None = Field(default=None, pattern=ID)
    milliseconds: int | None = Field(default=None, ge=0, le=INTEGER_MAX, description="Time taken to decide.")

    def command(self) -> CastVote:
        """The vote. Not for a skip."""
        return CastVote(
            left_id=CandidateId(self.left_id),
            right_id=CandidateId(self.right_id),
            outcome=Outcome(self.outcome),
            voter=self.voter,
            run_id=RunId(self.run_id) if self.run_id else None,
            milliseconds=self.milliseconds,
        )


class RetractBody(BaseModel):
    """Many votes of one voter, for one command."""

    model_config = ConfigDict(extra="forbid")

    vote_ids: list[Identity] = Field(min_length=1, max_length=BATCH_MAX, description="500 at the most.")
    voter: Name = LOCAL


def vote_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["votes"], dependencies=[Depends(parts.at_least)])
