"""Routes about votes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from carnival.contracts.ids import CandidateId, Position, RunId, VoteId
from curation_api.adapters.http.choices import ChoiceBody, skipped, vote_responses
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import (
    BATCH_MAX,
    ID,
    FromWhere,
    Id,
    Identity,
    IdPath,
    Voter,
    voter_in,
)
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.short_way import short_way
from curation_api.adapters.http.texts import Name
from curation_api.adapters.http.written import BatchWritten, Written, batch_written, written
from curation_api.application.known import known
from curation_api.application.views.page import Page
from curation_api.application.views.vote import CastVoteView, VoteView
from curation_api.domain.refusals import (
    OtherVoter,
    VoteUnknown,
)
from curation_api.domain.voting import Choice


class VoteBody(ChoiceBody):
    voter: Name | None = Field(default=None, description="Who chose; the sender. Another is for operators.")
    run_id: str | None = Field(default=None, pattern=ID)

    @property
    def run(self) -> RunId | None:
        return RunId(self.run_id) if self.run_id else None


class RetractBody(RequestBody):
    """Many votes of one voter, for one command."""

    vote_ids: list[Identity] = Field(min_length=1, max_length=BATCH_MAX, description="500 at the most.")
    voter: Name | None = Field(default=None, description="Who chose; the sender. Another is for operators.")


def casting_routes(parts: Parts) -> APIRouter:
    """The one route that is asked hundreds of times a second."""
    router = APIRouter(
        prefix="/api",
        tags=["votes"],
        dependencies=[Depends(parts.at_least)],
        route_class=short_way(VoteBody, parts.at_least),
    )
    commands, votes = parts.votes, parts.readers.votes

    @router.post(
        "/votes",
        summary="Vote on a pair",
        status_code=201,
        responses=vote_responses(Written[CastVoteView]),
    )
    async def cast_vote(
        body: VoteBody,
        request: Request,
        origin: FromWhere,
        response: Response,
        ranks: Annotated[bool, Query(description="Answer with the places of both images in their column.")] = False,
    ) -> Written[CastVoteView]:
        """One choice between two live images of one column. Each voter votes on a pair once, in either direction."""
        voter = voter_in(request, origin, body.voter)
        if body.outcome is Choice.SKIP:
            return await skipped(parts, body, voter, body.run, origin, response)
        receipt = await commands.cast(body.vote(voter, body.run), origin)
        vote_id = receipt.event.vote_id if receipt.event else VoteId("")
        return await written(response, receipt, vote_id, lambda: votes.cast(vote_id, ranks=ranks), created=True)

    _ = cast_vote
    return router


def vote_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["votes"], dependencies=[Depends(parts.at_least)])
    _add_retracting(router, parts)
    _add_looks(router, parts)
    return router


def _add_retracting(router: APIRouter, parts: Parts) -> None:
    commands, votes = parts.votes, parts.readers.votes

    @router.delete(
        "/votes/{vote_id}",
        summary="Take a vote back",
        responses=problem_responses(VoteUnknown, OtherVoter),
    )
    async def retract_vote(vote_id: IdPath, origin: FromWhere, response: Response, voter: Voter) -> Written[VoteView]:
        """Any vote of one's own can be taken back; ratings become those of the log without it."""
        receipt = await commands.retract(VoteId(vote_id), voter, origin)
        return await written(response, receipt, vote_id, lambda: votes.view(VoteId(vote_id)))

    @router.post(
        "/votes/retract",
        summary="Take many votes back at once, all or none",
        responses=problem_responses(VoteUnknown, OtherVoter),
    )
    async def retract_votes(body: RetractBody, request: Request, origin: FromWhere, response: Response) -> BatchWritten:
        """Up to 500 votes of one voter. Those that were taken back already count as unchanged."""
        wanted = [VoteId(vote_id) for vote_id in body.vote_ids]
        voter = voter_in(request, origin, body.voter)
        return batch_written(response, await commands.retract_many(wanted, voter, origin))

    _ = (retract_vote, retract_votes)


def _add_looks(router: APIRouter, parts: Parts) -> None:
    votes = parts.readers.votes

    @router.get("/votes", summary="List votes, newest first", responses=problem_responses())
    async def list_votes(
        turn: Turn,
        run_id: Id | None = None,
        voter: Annotated[Name | None, Query()] = None,
        candidate_id: Annotated[Identity | None, Query(description="Votes that this image took part in.")] = None,
        cursor: PositionCursor = None,
        limit: Annotated[int, Query(ge=1, le=500), PLAIN_DIGITS] = 100,
    ) -> Page[VoteView]:
        """Votes of everybody, or of one run or voter, also those that were taken back."""
        page = await votes.page(
            run_id=RunId(run_id) if run_id else None,
            voter=voter,
            candidate_id=CandidateId(candidate_id) if candidate_id else None,
            before=Position(cursor) if cursor is not None else None,
            limit=limit,
        )
        return turn.to(page)

    @router.get("/votes/{vote_id}", summary="One vote", responses=problem_responses(VoteUnknown))
    async def show_vote(vote_id: IdPath) -> VoteView:
        """One vote, also when it was taken back."""
        return known(await votes.view(VoteId(vote_id)), VoteUnknown, f"vote {vote_id}")

    _ = (list_votes, show_vote)
