"""Routes about many candidates: galleries and trees."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from carnival.contracts.ids import Position, RunId
from curation_api.adapters.http.instants import Instant
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import INTEGER_MAX, Id, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import Line, refuse_unstorable
from curation_api.adapters.read_model.candidates import Cursor, GalleryFilter, GallerySort, GalleryState
from curation_api.application.known import known_run
from curation_api.application.views.candidate import CandidateView, GalleryPage, GalleryStep, TreeNode
from curation_api.application.views.page import Page
from curation_api.domain.gallery import default_step
from curation_api.domain.refusals import BadText, RunUnknown

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])
_CURSOR = re.compile(r"(-?\d{1,10})_(\d{1,19})")


class GalleryQuery(BaseModel):
    """Filters and place of a gallery page, as query parameters."""

    step: int | None = Field(default=None, ge=1, le=INTEGER_MAX)
    status: GalleryState | None = None
    rating_min: int | None = Field(default=None, ge=-INTEGER_MAX, le=INTEGER_MAX)
    rating_max: int | None = Field(default=None, ge=-INTEGER_MAX, le=INTEGER_MAX)
    text: Line | None = Field(default=None, description="Looked for in the run's name and prompt.")
    variables: str | None = Field(
        default=None,
        max_length=2000,
        description="JSON object; the run's variables hold all of its members.",
        examples=['{"style": "noir"}'],
    )
    created_from: Instant | None = Field(default=None, description="Made at this time or later.")
    created_before: Instant | None = Field(default=None, description="Made before this time.")
    sort: GallerySort = GallerySort.RATING
    cursor: str | None = Field(default=None, max_length=40)
    limit: int = Field(default=50, ge=1, le=200)

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


Asked = Annotated[GalleryQuery, Query()]


def gallery_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["candidates"], dependencies=[Depends(parts.at_least)])
    candidates, runs = parts.readers.candidates, parts.readers.runs

    async def page(wanted: GalleryFilter, query: GalleryQuery) -> Page[CandidateView]:
        return await candidates.gallery(wanted, sort=query.sort, after=query.after(), limit=query.limit)

    @router.get("/candidates", summary="The gallery over everything", responses=problem_responses(BadText))
    async def list_candidates(turn: Turn, query: Asked, run_id: Id | None = None) -> Page[CandidateView]:
        """Images of all runs, filtered and sorted, in pages. Filters are combined by and."""
        return turn.to(await page(query.wanted(RunId(run_id) if run_id else None), query))

    @router.get(
        "/runs/{run_id}/candidates", summary="The gallery of one run", responses=problem_responses(RunUnknown, BadText)
    )
    async def list_run_candidates(run_id: IdPath, turn: Turn, query: Asked) -> Page[CandidateView]:
        """Images of one run, filtered and sorted, in pages. Filters are combined by and."""
        run = await known_run(runs, RunId(run_id))
        return turn.to(await page(query.wanted(run.run_id), query))

    @router.get(
        "/runs/{run_id}/gallery",
        summary="One step of a run, by default the highest one with live images",
        responses=problem_responses(RunUnknown, BadText),
    )
    async def show_gallery(run_id: IdPath, turn: Turn, query: Asked) -> GalleryPage:
        """The images of one step, best first, and how many live ones each step has to choose from."""
        run = await known_run(runs, RunId(run_id))
        columns = await runs.columns([run.run_id])
        step = query.step or default_step(columns)
        found = turn.to(await page(replace(query.wanted(run.run_id), step=step), query))
        steps = [GalleryStep(order=column.step_order, name=column.name, live=column.live) for column in columns]
        return GalleryPage(items=found.items, next=found.next, step=step, steps=steps)

    @router.get(
        "/runs/{run_id}/tree",
        summary="The run's tree as flat nodes, parents before children",
        responses=problem_responses(RunUnknown),
    )
    async def show_tree(
        run_id: IdPath,
        turn: Turn,
        cursor: PositionCursor = None,
        limit: Annotated[int, Query(ge=1, le=5000), PLAIN_DIGITS] = 1000,
    ) -> Page[TreeNode]:
        """In the order of creation, so that a client builds the tree in one pass. Later pages hold what came later."""
        run = await known_run(runs, RunId(run_id))
        return turn.to(await runs.tree(run.run_id, after=Position(cursor or 0), limit=limit))

    _ = (list_candidates, list_run_candidates, show_gallery, show_tree)
    return router


def _variables(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        variables = _OBJECT.validate_json(text)
    except ValidationError as error:
        raise BadText('variables must be a JSON object, such as {"style":"noir"}') from error
    refuse_unstorable(variables, "variables")
    return json.dumps(variables)
