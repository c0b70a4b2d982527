"""Routes about votes and pairs."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from carnival.contracts.ids import CandidateId, Position, RunId, VoteId
from carnival.contracts.vote import Outcome
from curation_api.adapters.http.parameters import INTEGER_MAX, LOCAL, FromWhere, Id, IdPath, PositionCursor, Voter
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import Name
from curation_api.adapters.http.written import Written, written
from curation_api.application.views.page import Page
from curation_api.application.views.vote import NextPair, PairView, VoteView, WalkView
from curation_api.domain.kill_walk import WalkStep
from curation_api.domain.pairing import Pair
from curation_api.domain.refusals import BadText, VoteUnknown
from curation_api.domain.voting import CastVote

ID = r"^[A-Za-z0-9_-]{1,64}$"
SKIPPED_MAX = 100

_SKIPPED = re.compile(r"([A-Za-z0-9_-]{1,64})[:,]([A-Za-z0-9_-]{1,64})")


class VoteBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    left_id: str = Field(pattern=ID, description="The image that stood on the left.")
    right_id: str = Field(pattern=ID)
    outcome: Outcome
    voter: Name = LOCAL
    run_id: str | None = Field(default=None, pattern=ID)
    milliseconds: int | None = Field(default=None, ge=0, le=INTEGER_MAX, description="Time taken to decide.")

    def command(self) -> CastVote:
        return CastVote(
            left_id=CandidateId(self.left_id),
            right_id=CandidateId(self.right_id),
            outcome=self.outcome,
            voter=self.voter,
            run_id=RunId(self.run_id) if self.run_id else None,
            milliseconds=self.milliseconds,
        )


def vote_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["votes"], dependencies=[Depends(parts.at_least)])
    _add_votes(router, parts)
    _add_pairs(router, parts)
    return router


def _add_votes(router: APIRouter, parts: Parts) -> None:
    commands, votes = parts.commands, parts.queries.votes

    @router.post("/votes", summary="Vote on a pair", status_code=201, responses=problem_responses(400, 404, 409))
    async def cast_vote(body: VoteBody, origin: FromWhere, response: Response) -> Written[VoteView]:
        receipt = await commands.cast_vote(body.command(), origin)
        vote_id = receipt.event.vote_id if receipt.event else VoteId("")
        return await written(response, receipt, vote_id, lambda: votes.view(vote_id), created=True)

    @router.delete("/votes/{vote_id}", summary="Take a vote back", responses=problem_responses(403, 404, 409))
    async def retract_vote(
        vote_id: IdPath, origin: FromWhere, response: Response, voter: Voter = LOCAL
    ) -> Written[VoteView]:
        receipt = await commands.retract_vote(VoteId(vote_id), voter, origin)
        return await written(response, receipt, vote_id, lambda: votes.view(VoteId(vote_id)))

    @router.get("/votes", summary="List votes, newest first", responses=problem_responses())
    async def list_votes(
        run_id: Id | None = None,
        voter: Annotated[Name | None, Query()] = None,
        before: PositionCursor = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Page[VoteView]:
        return await votes.page(
            run_id=RunId(run_id) if run_id else None,
            voter=voter,
            before=Position(before) if before is not None else None,
            limit=limit,
        )

    @router.get("/votes/{vote_id}", summary="One vote", responses=problem_responses(404))
    async def show_vote(vote_id: IdPath) -> VoteView:
        found = await votes.view(VoteId(vote_id))
        if found is None:
            raise VoteUnknown(f"There is no vote {vote_id}")
        return found

    _ = (cast_vote, retract_vote, list_votes, show_vote)


def _add_pairs(router: APIRouter, parts: Parts) -> None:
    queries = parts.queries

    @router.get(
        "/runs/{run_id}/next-pair",
        summary="The pair to vote on next, or null when all are done",
        responses=problem_responses(404),
    )
    async def next_pair(
        run_id: IdPath,
        voter: Voter = LOCAL,
        skip: Annotated[
            list[str] | None,
            Query(
                max_length=SKIPPED_MAX, description="Skipped pairs as left:right; offered again only if no other is."
            ),
        ] = None,
    ) -> NextPair:
        offered = await queries.offer_pair(RunId(run_id), voter, frozenset(_pair(text) for text in skip or ()))
        pair = offered and await _pair_view(
            parts,
            step=(offered.offer.step_order, offered.step_name),
            sides=(offered.offer.left_id, offered.offer.right_id),
            open_pairs=offered.open_pairs,
        )
        return NextPair(pair=pair, gallery=f"/api/runs/{run_id}/candidates", leaders=f"/api/runs/{run_id}/leaders")

    @router.get(
        "/runs/{run_id}/kill-walk",
        summary="After a kill: the parent beside a partner, or null and why",
        responses=problem_responses(404),
    )
    async def kill_walk(
        run_id: IdPath,
        candidate: Annotated[str, Query(pattern=ID, description="The killed image.")],
        voter: Voter = LOCAL,
    ) -> WalkView:
        step = await queries.walk_left(RunId(run_id), CandidateId(candidate), voter)
        if not isinstance(step, WalkStep):
            return WalkView(pair=None, end=step)
        parent = await queries.candidates.state(step.parent_id)
        columns = await queries.runs.columns([RunId(run_id)])
        order = parent.step_order if parent else 0
        name = next((column.name for column in columns if column.step_order == order), "")
        pair = await _pair_view(parts, step=(order, name), sides=(step.parent_id, step.partner_id), voting=step.voting)
        return WalkView(pair=pair, parent_id=step.parent_id)

    _ = (next_pair, kill_walk)


async def _pair_view(
    parts: Parts,
    *,
    step: tuple[int, str],
    sides: tuple[CandidateId, CandidateId],
    voting: bool = True,
    open_pairs: int | None = None,
) -> PairView | None:
    found = await parts.queries.candidates.sides(*sides)
    if found is None:
        return None
    left, right = found
    return PairView(step_order=step[0], step_name=step[1], left=left, right=right, voting=voting, open_pairs=open_pairs)


def _pair(text: str) -> Pair:
    found = _SKIPPED.fullmatch(text)
    if found is None:
        raise BadText("A skipped pair is written as two candidate ids with a colon between them")
    return frozenset((CandidateId(found[1]), CandidateId(found[2])))
