"""What votes of members and of guests have in common over HTTP: the choice between two images, and skips."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel, Field

from carnival.contracts.ids import CandidateId, GuestLinkId, RunId
from carnival.contracts.vote import Outcome
from curation_api.adapters.http.parameters import ID, INTEGER_MAX
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.written import Written
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import (
    CandidateNotLive,
    CandidateUnknown,
    OtherColumn,
    SameCandidate,
    SamePicture,
    VoteDuplicate,
)
from curation_api.domain.voting import CastVote, Choice

T = TypeVar("T")


class ChoiceBody(RequestBody):
    left_id: str = Field(pattern=ID, description="The image that stood on the left.")
    right_id: str = Field(pattern=ID)
    outcome: Choice = Field(description="`skip` casts no vote: the pair is not offered next, for an hour.")
    milliseconds: int | None = Field(default=None, ge=0, le=INTEGER_MAX, description="Time taken to decide.")

    @property
    def pair(self) -> tuple[CandidateId, CandidateId]:
        return CandidateId(self.left_id), CandidateId(self.right_id)

    def vote(self, voter: str, run_id: RunId | None, guest_link: GuestLinkId | None = None) -> CastVote:
        """The vote. Not for a skip."""
        left_id, right_id = self.pair
        return CastVote(
            left_id=left_id,
            right_id=right_id,
            outcome=Outcome(self.outcome),
            voter=voter,
            run_id=run_id,
            milliseconds=self.milliseconds,
            guest_link=guest_link,
        )


def vote_responses(cast: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What casting a vote answers beside `cast` with 201, for the documentation."""
    skip = "A skip: nothing is changed, and the pair is not offered next, for an hour."
    return {
        200: {"model": cast, "description": skip},
        **problem_responses(CandidateUnknown, SameCandidate, OtherColumn, SamePicture, CandidateNotLive, VoteDuplicate),
    }


async def skipped(
    parts: Parts, body: ChoiceBody, voter: str, run_id: RunId | None, origin: Origin, response: Response
) -> Written[T]:
    """A skip changes nothing; it is answered with how far the state is known."""
    left_id, right_id = body.pair
    receipt = await parts.votes.skip(left_id, right_id, voter, run_id, origin)
    response.status_code = 200
    return Written(
        position=receipt.position,
        id=f"{left_id}:{right_id}",
        changed=False,
        projected=receipt.projected,
        replayed=receipt.replayed,
    )
