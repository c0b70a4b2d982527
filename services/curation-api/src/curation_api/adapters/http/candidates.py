"""Routes about candidates: what they are, what hangs on them, kills."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from carnival.contracts.ids import CandidateId, Position
from curation_api.adapters.http.etags import IfMatch, tag
from curation_api.adapters.http.example_ids import CANDIDATE
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import (
    BATCH_MAX,
    FromWhere,
    Identity,
    IdPath,
)
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Line
from curation_api.adapters.http.written import BatchWritten, Written, batch_written, written
from curation_api.application.known import known
from curation_api.application.views.candidate import (
    BranchView,
    CandidateView,
    JudgedCandidate,
    Lineage,
)
from curation_api.application.views.page import Page
from curation_api.domain.refusals import CandidateUnknown, ChangedSince

T = TypeVar("T")


class RejectBody(RequestBody):
    note: Line = ""


class CandidatesBody(RequestBody):
    """Many candidates, for one command."""

    candidate_ids: list[Identity] = Field(min_length=1, max_length=BATCH_MAX, description="500 at the most.")

    def ids(self) -> list[CandidateId]:
        return [CandidateId(candidate_id) for candidate_id in self.candidate_ids]


class RejectManyBody(CandidatesBody):
    note: Line = Field(default="", description="Why; kept with each of them.")


def candidate_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["candidates"], dependencies=[Depends(parts.at_least)])
    _add_ids(router, parts)
    _add_one(router, parts)
    _add_many(router, parts)
    _add_judgement(router, parts)
    return router


def _add_ids(router: APIRouter, parts: Parts) -> None:
    @router.get("/candidate-ids", summary="Ids of images that begin so", responses=problem_responses())
    async def find_candidate_ids(
        beginning: Annotated[Identity, Query(description="Of an id, as much as is known.")],
        limit: Annotated[int, Query(ge=1, le=100), PLAIN_DIGITS] = 10,
    ) -> list[Annotated[str, Field(examples=[CANDIDATE])]]:
        """For people who type ids: one answer names the image, several ask for another letter."""
        return await parts.readers.candidates.ids(beginning, limit)

    _ = find_candidate_ids


def _add_one(router: APIRouter, parts: Parts) -> None:
    candidates = parts.readers.candidates

    @router.get("/candidates/{candidate_id}", summary="One candidate", responses=problem_responses(CandidateUnknown))
    async def show_candidate(candidate_id: IdPath, response: Response) -> CandidateView:
        """One image with its figures and facts about its file."""
        found = _known(await candidates.view(CandidateId(candidate_id)), candidate_id)
        tag(response, found)
        return found

    @router.get(
        "/candidates/{candidate_id}/lineage",
        summary="From the base image to this one, and its children",
        responses=problem_responses(CandidateUnknown),
    )
    async def show_lineage(candidate_id: IdPath) -> Lineage:
        """All ancestors, the first 200 children, and how many live images a kill would take along."""
        return _known(await candidates.lineage(CandidateId(candidate_id)), candidate_id)

    @router.get(
        "/candidates/{candidate_id}/branch",
        summary="What a kill would take along: live images and open jobs",
        responses=problem_responses(CandidateUnknown),
    )
    async def show_branch(candidate_id: IdPath) -> BranchView:
        """Step by step, the live images and open jobs that would end with it."""
        found = await candidates.branch(CandidateId(candidate_id))
        return _known(found if found.steps else None, candidate_id)

    @router.get(
        "/candidates/{candidate_id}/children",
        summary="What was made of it",
        responses=problem_responses(CandidateUnknown),
    )
    async def list_children(
        candidate_id: IdPath,
        turn: Turn,
        cursor: PositionCursor = None,
        limit: Annotated[int, Query(ge=1, le=200), PLAIN_DIGITS] = 50,
    ) -> Page[CandidateView]:
        """Its direct children, rejected ones too, oldest first."""
        identity = _known(await candidates.state(CandidateId(candidate_id)), candidate_id).candidate_id
        return turn.to(await candidates.children(identity, after=Position(cursor or 0), limit=limit))

    _ = (show_candidate, show_lineage, show_branch, list_children)


def _add_judgement(router: APIRouter, parts: Parts) -> None:
    candidates, judge = parts.readers.candidates, parts.candidates

    @router.post(
        "/candidates/{candidate_id}/reject",
        summary="Kill an image: its branch grows no more",
        responses=problem_responses(CandidateUnknown, ChangedSince),
    )
    async def reject_candidate(
        candidate_id: IdPath, origin: IfMatch, response: Response, body: RejectBody | None = None
    ) -> Written[JudgedCandidate]:
        """The image is rejected, and all below it is dead at once. Its slot is free; open jobs below are cancelled.

        Killing it again changes nothing.
        """
        identity = CandidateId(candidate_id)
        receipt = await judge.reject(identity, body.note if body else "", origin)
        return await written(response, receipt, identity, lambda: candidates.judged(identity))

    @router.post(
        "/candidates/{candidate_id}/restore",
        summary="Take a rejection back",
        responses=problem_responses(CandidateUnknown, ChangedSince),
    )
    async def restore_candidate(candidate_id: IdPath, origin: IfMatch, response: Response) -> Written[JudgedCandidate]:
        """The image, and what was dead only because of it, is live again."""
        identity = CandidateId(candidate_id)
        receipt = await judge.restore(identity, origin)
        return await written(response, receipt, identity, lambda: candidates.judged(identity))

    _ = (reject_candidate, restore_candidate)


def _add_many(router: APIRouter, parts: Parts) -> None:
    judge = parts.candidates.judge_many

    @router.post(
        "/candidates/reject",
        summary="Kill many images at once, all or none",
        responses=problem_responses(CandidateUnknown),
    )
    async def reject_candidates(body: RejectManyBody, origin: FromWhere, response: Response) -> BatchWritten:
        """Up to 500 images. Those that are rejected already count as unchanged."""
        return batch_written(response, await judge.reject(body.ids(), body.note, origin))

    @router.post(
        "/candidates/restore",
        summary="Take many rejections back at once, all or none",
        responses=problem_responses(CandidateUnknown),
    )
    async def restore_candidates(body: CandidatesBody, origin: FromWhere, response: Response) -> BatchWritten:
        """Up to 500 images. Those that are not rejected count as unchanged."""
        return batch_written(response, await judge.restore(body.ids(), origin))

    _ = (reject_candidates, restore_candidates)


def _known(found: T | None, candidate_id: str) -> T:
    return known(found, CandidateUnknown, f"candidate {candidate_id}")
