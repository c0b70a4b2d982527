"""Routes about kill-left walks (KILL-2 to KILL-4, KILL-7)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from carnival.contracts.ids import CandidateId, EventId
from curation_api.adapters.http.pairs import walk_pair
from curation_api.adapters.http.parameters import FromWhere, Identity, IdPath, Voter, voter_in
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Line, Name
from curation_api.adapters.http.written import BatchWritten, Written, batch_written, written
from curation_api.application.candidates.kill_walk import WalkPlace
from curation_api.application.views.vote import KillWalkView, WalkCrumb
from curation_api.domain.kill_walk import WalkAnswer, WalkStep
from curation_api.domain.refusals import AlreadyRejected, CandidateNotLive, CandidateUnknown, WalkUnknown


class WalkBody(RequestBody):
    candidate_id: Identity = Field(description="The image to kill; the walk goes left from it.")
    voter: Name | None = Field(default=None, description="Whose comparisons decide on partners; the sender's.")
    note: Line = Field(default="", description="Why it is killed.")


class AnswerBody(RequestBody):
    parent_id: Identity = Field(description="The parent that was shown.")
    answer: WalkAnswer = Field(
        description="`only_this` ends the walk, `parent_too` kills the parent, `further_left` spares it; both go on."
    )
    voter: Name | None = Field(default=None, description="Whose comparisons decide on partners; the sender's.")
    note: Line = ""


def kill_walk_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/kill-walks", tags=["kill walks"], dependencies=[Depends(parts.at_least)])
    walks, commands = parts.candidates.walks, parts.candidates.kill_walk

    async def shown(walk_id: str, at: str | None, voter: str, *, content: bool = False) -> KillWalkView:
        place = await walks.show(EventId(walk_id), CandidateId(at) if at else None, voter, content=content)
        return await _view(parts, place)

    @router.post(
        "",
        summary="Kill an image and look at its parent",
        status_code=201,
        responses=problem_responses(CandidateUnknown, AlreadyRejected),
    )
    async def start_walk(
        body: WalkBody, request: Request, origin: FromWhere, response: Response
    ) -> Written[KillWalkView]:
        """The image is killed; its parent is shown beside another of its column, with what its kill would take.

        An image that is rejected already is a 409 and begins no walk; `kill_walk` shows what is to its left.
        """
        voter = voter_in(request, origin, body.voter)
        receipt = await commands.start(CandidateId(body.candidate_id), body.note, origin)
        walk_id = receipt.event.walk_id if receipt.event and receipt.event.walk_id else ""
        return await written(response, receipt, walk_id, lambda: shown(walk_id, None, voter), created=True)

    @router.get(
        "/{walk_id}", summary="A walk at one place of it", responses=problem_responses(WalkUnknown, CandidateUnknown)
    )
    async def show_walk(
        walk_id: IdPath,
        voter: Voter,
        at: Annotated[
            Identity | None,
            Query(description="The image whose parent to look at; by default what was killed furthest left."),
        ] = None,
    ) -> KillWalkView:
        """The path from the base to the killed image, what was killed on the way, and the pair to look at now.

        For a walk that `start_walk` began; it goes on with `answer_walk`.
        """
        return await shown(walk_id, at, voter)

    @router.post(
        "/{walk_id}/answers",
        summary="Say what is to become of the parent shown",
        responses=problem_responses(WalkUnknown, CandidateUnknown, CandidateNotLive),
    )
    async def answer_walk(
        walk_id: IdPath, body: AnswerBody, request: Request, origin: FromWhere, response: Response
    ) -> Written[KillWalkView]:
        """Kill the parent too, spare it and go on further left, or end here."""
        voter = voter_in(request, origin, body.voter)
        receipt = await commands.answer(EventId(walk_id), CandidateId(body.parent_id), body.answer, body.note, origin)
        content = body.answer is WalkAnswer.ONLY_THIS
        return await written(response, receipt, walk_id, lambda: shown(walk_id, body.parent_id, voter, content=content))

    @router.delete("/{walk_id}", summary="Undo the whole walk at once", responses=problem_responses(WalkUnknown))
    async def undo_walk(walk_id: IdPath, origin: FromWhere, response: Response) -> BatchWritten:
        """Everything this walk killed is restored, all or none."""
        return batch_written(response, await commands.undo(EventId(walk_id), origin))

    _ = (start_walk, show_walk, answer_walk, undo_walk)
    return router


async def _view(parts: Parts, place: WalkPlace) -> KillWalkView:
    walk, candidates = place.walk, parts.readers.candidates
    run_id = walk.path[-1].run_id
    columns = await parts.readers.runs.columns([run_id])
    names = {column.step_order: column.name for column in columns}
    step = place.view if isinstance(place.view, WalkStep) else None
    return KillWalkView(
        walk_id=walk.walk_id,
        run_id=run_id,
        path=[
            WalkCrumb(
                candidate_id=one.candidate_id,
                step_order=one.step_order,
                step_name=names.get(one.step_order, ""),
                rejected=one.rejected,
                live=one.live,
                killed_here=one in walk.killed,
                shown=step is not None and one.candidate_id == step.parent_id,
            )
            for one in walk.path
        ],
        killed=[one.candidate_id for one in walk.killed],
        branch=await candidates.branch(walk.killed[-1].candidate_id) if walk.killed else None,
        parent_id=step.parent_id if step else None,
        pair=await walk_pair(parts, run_id, step) if step else None,
        preview=await candidates.branch(step.parent_id) if step else None,
        answers=list(WalkAnswer) if step else [],
        end=None if isinstance(place.view, WalkStep) else place.view,
    )
