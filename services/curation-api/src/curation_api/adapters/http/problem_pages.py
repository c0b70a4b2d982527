"""What each type of problem means: the pages that the types of problem documents point at."""

from __future__ import annotations

from html import escape
from typing import Annotated

from fastapi import APIRouter, Header, Path
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, JSONResponse, Response

from curation_api.adapters.http.problem_kinds import ProblemKind, all_kinds
from curation_api.adapters.http.problem_members import MEMBERS
from curation_api.adapters.http.problems import problem_responses
from curation_api.domain.refusals import Missing

CACHE = {"Cache-Control": "public, max-age=3600", "Vary": "Accept"}


class ProblemKindView(BaseModel):
    """One kind of problem: what it is and what to do about it."""

    type: str = Field(description="The `type` of its problem documents.", examples=["/problems/role-too-low"])
    title: str
    status: int = Field(description="The HTTP status.", examples=[403])
    advice: str
    members: list[str] = Field(
        description="What its problem documents may say beside the standard members; the schema Problem explains them.",
        examples=[["needed_role", "role"]],
    )


class ProblemKindUnknown(Missing):
    kind = "problem-unknown"
    title = "No such kind of problem"
    advice = "All kinds are listed at /problems."


def problem_routes() -> APIRouter:
    router = APIRouter(prefix="/problems", tags=["problems"])

    @router.get("", summary="All kinds of problems", responses=problem_responses())
    async def list_problem_kinds() -> list[ProblemKindView]:
        """Every `type` that a problem document of this API can have, with its status and what to do about it."""
        return [_view(kind) for kind in all_kinds()]

    @router.get(
        "/{kind}",
        summary="What one kind of problem means",
        response_model=ProblemKindView,
        responses={**problem_responses(ProblemKindUnknown), 200: {"content": {"text/html": {}}}},
    )
    async def show_problem_kind(
        kind: Annotated[
            str, Path(max_length=100, description="The last part of a problem's type.", examples=["run-unknown"])
        ],
        accept: Annotated[str, Header(max_length=1000)] = "",
    ) -> Response:
        """The page a problem document's `type` points at: JSON, or HTML for a browser."""
        found = next((one for one in all_kinds() if one.name == kind), None)
        if found is None:
            raise ProblemKindUnknown("There is no kind of problem of this name")
        if "text/html" in accept:
            return HTMLResponse(_page(found), headers=CACHE)
        return JSONResponse(_view(found).model_dump(), headers=CACHE)

    _ = (list_problem_kinds, show_problem_kind)
    return router


def _view(kind: ProblemKind) -> ProblemKindView:
    return ProblemKindView(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        advice=kind.advice,
        members=list(MEMBERS.get(kind.name, ())),
    )


def _page(kind: ProblemKind) -> str:
    title = escape(kind.title)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>Status {kind.status}, <code>{escape(kind.type)}</code></p><p>{escape(kind.advice)}</p>"
        '<p><a href="/problems">All kinds of problems</a></p></html>\n'
    )
