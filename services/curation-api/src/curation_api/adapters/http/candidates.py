"""Routes about candidates: galleries, trees, kills."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from carnival.contracts.ids import CandidateId, Position, RunId
from curation_api.adapters.http.etags import IfMatch, tag
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import (
    BATCH_MAX,
    INTEGER_MAX,
    FromWhere,
    Id,
    Identity,
    IdPath,
)
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import Line, storable_json
from curation_api.adapters.http.written import BatchWritten, Written, batch_written, written
from curation_api.adapters.read_model.candidates import Cursor, GalleryFilter, GallerySort, GalleryState
from curation_api.application.views.candidate import (
    BranchView,
    CandidateView,
    GalleryPage,
    GalleryStep,
    JudgedCandidate,
    Lineage,
    TreeNode,
)
from curation_api.application.views.page import Page
from curation_api.domain.gallery import default_step
from curation_api.domain.refusals import BadText, CandidateUnknown, ChangedSince, RunUnknown

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_CURSOR = re.compile(r"(-?\d{1,10})_(\d{1,19})")


class RejectBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Line = ""


class CandidatesBody(BaseModel):
    """Many candidates, for one command."""

    model_config = ConfigDict(extra="forbid")

    candidate_ids: list[Identity] = Field(min_length=1, max_length=BATCH_MAX, description="500 at the most.")

    def ids(self) -> list[CandidateId]:
        return [CandidateId(candidate_id) for candidate_id in self.candidate_ids]


class RejectManyBody(CandidatesBody):
    note: Line = Field(default="", description="Why; kept with each of them.")


class GalleryQuery:
    """Filters and place of a gallery page, as query parameters."""

    def __init__(
        self,
        step: Annotated[int | None, Query(ge=1, le=INTEGER_MAX)] = None,
        status: GalleryState | None = None,
        rating_min: Annotated[int | None, Query(ge=-INTEGER_MAX, le=INTEGER_MAX)] = None,
        rating_max: Annotated[int | None, Query(ge=-INTEGER_MAX, le=INTEGER_MAX)] = None,
        text: Annotated[Line | None, Query(description="Looked for in the run's name and prompt.")] = None,
        variables: Annotated[
            str | None,
            Query(
                max_length=2000,
                description="JSON object; the run's variables hold all of its members.",
                examples=['{"style": "noir"}'],
            ),
        ] = None,
        created_from: Annotated[AwareDatetime | None, Query(description="Made at this time or later.")] = None,
        created_before: Annotated[AwareDatetime | None, Query(description="Made before this time.")] = None,
        sort: GallerySort = GallerySort.RATING,
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> None:
        self.step = step
        self.status = status
        self.rating_min = rating_min
        self.rating_max = rating_max
        self.text = text
        self.variables = variables
        self.created_from = created_from
        self.created_before = created_before
        self.sort = sort
        self.cursor = cursor
        self.limit = limit

    def wanted(self, run_id: RunId | None) -> GalleryFilter:
        """Raises BadText for variables that are no JSON object."""
        return GalleryFilter(
            run_id=run_id,
            step=self.step,
            state=self.status,
            rating_min=self.rating_min,
            rating_max=self.rating_max,
            text=self.text,
            variables=_variables(self.variables),
            created_from=self.created_from,
            created_before=self.created_before,
        )

    def after(self) -> Cursor | None:
        """Raises BadText for a cursor that is none of ours."""
        if self.cursor is None:
            return None
        found = _CURSOR.fullmatch(self.cursor)
        if found is None:
            raise BadText("The cursor is none that a page ended with")
        return Cursor(rating=int(found[1]), position=int(found[2]))


def candidate_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["candidates"], dependencies=[Depends(parts.at_least)])
    _add_lists(router, parts)
    _add_one(router, parts)
    _add_many(router, parts)
    _add_judgement(router, parts)
    return router


def _add_lists(router: APIRouter, parts: Parts) -> None:
    candidates, runs = parts.readers.candidates, parts.readers.runs

    async def known(run_id: str) -> RunId:
        if await runs.state(RunId(run_id)) is None:
            raise RunUnknown(f"There is no run {run_id}")
        return RunId(run_id)

    @router.get("/candidates", summary="The gallery over everything", responses=problem_responses(BadText))
    async def list_candidates(
        turn: Turn, query: Annotated[GalleryQuery, Depends()], run_id: Id | None = None
    ) -> Page[CandidateView]:
        """Images of all runs, filtered and sorted, in pages. Filters are combined by and."""
        wanted = query.wanted(RunId(run_id) if run_id else None)
        return turn.to(await candidates.gallery(wanted, sort=query.sort, after=query.after(), limit=query.limit))

    @router.get(
        "/runs/{run_id}/candidates", summary="The gallery of one run", responses=problem_responses(RunUnknown, BadText)
    )
    async def list_run_candidates(
        run_id: IdPath, turn: Turn, query: Annotated[GalleryQuery, Depends()]
    ) -> Page[CandidateView]:
        """Images of one run, filtered and sorted, in pages. Filters are combined by and."""
        wanted = query.wanted(await known(run_id))
        return turn.to(await candidates.gallery(wanted, sort=query.sort, after=query.after(), limit=query.limit))

    @router.get(
        "/runs/{run_id}/gallery",
        summary="One step of a run, by default the highest one with live images",
        responses=problem_responses(RunUnknown, BadText),
    )
    async def show_gallery(run_id: IdPath, turn: Turn, query: Annotated[GalleryQuery, Depends()]) -> GalleryPage:
        """The images of one step, best first, and how many live ones each step has to choose from."""
        columns = await runs.columns([await known(run_id)])
        step = query.step or default_step(columns)
        wanted = replace(query.wanted(RunId(run_id)), step=step)
        page = turn.to(await candidates.gallery(wanted, sort=query.sort, after=query.after(), limit=query.limit))
        steps = [GalleryStep(order=column.step_order, name=column.name, live=column.live) for column in columns]
        return GalleryPage(items=page.items, next=page.next, step=step, steps=steps)

    @router.get(
        "/runs/{run_id}/tree",
        summary="The run's tree as flat nodes, parents before children",
        responses=problem_responses(RunUnknown),
    )
    async def show_tree(
        run_id: IdPath, turn: Turn, cursor: PositionCursor = None, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
    ) -> Page[TreeNode]:
        """In the order of creation, so that a client builds the tree in one pass. Later pages hold what came later."""
        return turn.to(await runs.tree(await known(run_id), after=Position(cursor or 0), limit=limit))

    _ = (list_candidates, list_run_candidates, show_gallery, show_tree)


def _add_one(router: APIRouter, parts: Parts) -> None:
    candidates = parts.readers.candidates

    @router.get("/candidates/{candidate_id}", summary="One candidate", responses=problem_responses(CandidateUnknown))
    async def show_candidate(candidate_id: IdPath, response: Response) -> CandidateView:
        """One image with its figures and facts about its file."""
        found = await candidates.view(CandidateId(candidate_id))
        if found is None:
            raise CandidateUnknown(f"There is no candidate {candidate_id}")
        tag(response, found)
        return found

    @router.get(
        "/candidates/{candidate_id}/lineage",
        summary="From the base image to this one, and its children",
        responses=problem_responses(CandidateUnknown),
    )
    async def show_lineage(candidate_id: IdPath) -> Lineage:
        """All ancestors, the first 200 children, and how many live images a kill would take along."""
        found = await candidates.lineage(CandidateId(candidate_id))
        if found is None:
            raise CandidateUnknown(f"There is no candidate {candidate_id}")
        return found

    @router.get(
        "/candidates/{candidate_id}/branch",
        summary="What a kill would take along: live images and open jobs",
        responses=problem_responses(CandidateUnknown),
    )
    async def show_branch(candidate_id: IdPath) -> BranchView:
        """Step by step, the live images and open jobs that would end with it."""
        found = await candidates.branch(CandidateId(candidate_id))
        if not found.steps:
            raise CandidateUnknown(f"There is no candidate {candidate_id}")
        return found

    @router.get(
        "/candidates/{candidate_id}/children",
        summary="What was made of it",
        responses=problem_responses(CandidateUnknown),
    )
    async def list_children(
        candidate_id: IdPath, turn: Turn, cursor: PositionCursor = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Page[CandidateView]:
        """Its direct children, rejected ones too, oldest first."""
        if await candidates.state(CandidateId(candidate_id)) is None:
            raise CandidateUnknown(f"There is no candidate {candidate_id}")
        position = Position(cursor or 0)
        return turn.to(await candidates.children(CandidateId(candidate_id), after=position, limit=limit))

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


def _variables(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return json.dumps(storable_json(_OBJECT.validate_json(text)))
    except ValidationError as error:
        raise BadText('variables must be a JSON object, such as {"style":"noir"}') from error
    except ValueError as error:
        raise BadText(f"variables {error}") from error
