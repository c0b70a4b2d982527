"""Routes about pipelines."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from carnival.contracts.ids import PipelineId, Position
from carnival.contracts.pipeline import DEFAULT_POOL, PipelineDefined, PoolName
from curation_api.adapters.http.parameters import INTEGER_MAX, FromWhere, IdPath, PositionCursor
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import LongText, Name, Template, storable
from curation_api.adapters.http.written import Written, written
from curation_api.application.ledger import Receipt
from curation_api.application.views.page import Page
from curation_api.application.views.pipeline import PipelineSummary, PipelineView
from curation_api.domain.pipeline import DefinePipeline, StepDraft
from curation_api.domain.refusals import BadText, PipelineUnknown

ORDER_MAX = 100_000
STEPS_MAX = 100


class StepBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order: int = Field(ge=1, le=ORDER_MAX)
    name: Name
    template: dict[str, JsonValue] | Template = Field(
        description="ComfyUI workflow in API format, as an object, or as text with placeholders anywhere."
    )
    needs_prompt: bool = False
    needs_parent: bool = False
    needs_variables: bool = False
    child_cap: int | None = Field(default=None, ge=1, le=INTEGER_MAX)
    pool: PoolName = DEFAULT_POOL
    result_node: Name | None = None

    def draft(self) -> StepDraft:
        """Raises BadText for a template object with characters that cannot be kept."""
        text = self.template if isinstance(self.template, str) else _text_of(self.name, self.template)
        return StepDraft(
            order=self.order,
            name=self.name,
            template=text,
            needs_prompt=self.needs_prompt,
            needs_parent=self.needs_parent,
            needs_variables=self.needs_variables,
            child_cap=self.child_cap,
            pool=self.pool,
            result_node=self.result_node,
        )


class PipelineBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    description: LongText = ""
    steps: list[StepBody] = Field(default=[], max_length=STEPS_MAX)

    def command(self) -> DefinePipeline:
        return DefinePipeline(
            name=self.name, description=self.description, steps=tuple(step.draft() for step in self.steps)
        )


def pipeline_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/pipelines", tags=["pipelines"], dependencies=[Depends(parts.at_least)])
    define, pipelines = parts.commands.define_pipeline, parts.queries.pipelines

    async def defined(response: Response, receipt: Receipt[PipelineDefined], fallback: str) -> Written[PipelineView]:
        event = receipt.event
        identity = event.pipeline_id if event else PipelineId(fallback)
        return await written(
            response,
            receipt,
            identity,
            lambda: pipelines.view(identity, event.version if event else None),
            created=True,
        )

    @router.get("", summary="List pipelines, newest first", responses=problem_responses())
    async def list_pipelines(
        before: PositionCursor = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Page[PipelineSummary]:
        return await pipelines.page(before=Position(before) if before is not None else None, limit=limit)

    @router.post("", summary="Define a new pipeline", status_code=201, responses=problem_responses(400, 409, 413))
    async def define_pipeline(body: PipelineBody, origin: FromWhere, response: Response) -> Written[PipelineView]:
        return await defined(response, await define.first(body.command(), origin), "")

    @router.get("/{pipeline_id}", summary="One version of a pipeline", responses=problem_responses(404))
    async def show_pipeline(
        pipeline_id: IdPath, version: Annotated[int | None, Query(ge=1, le=INTEGER_MAX)] = None
    ) -> PipelineView:
        found = await pipelines.view(PipelineId(pipeline_id), version)
        if found is None:
            raise PipelineUnknown(f"There is no pipeline {pipeline_id}" + (f" of version {version}" if version else ""))
        return found

    @router.post(
        "/{pipeline_id}/versions",
        summary="Define the next version of a pipeline; runs keep the version they started with",
        status_code=201,
        responses=problem_responses(400, 404, 409, 413),
    )
    async def define_version(
        pipeline_id: IdPath, body: PipelineBody, origin: FromWhere, response: Response
    ) -> Written[PipelineView]:
        receipt = await define.next(PipelineId(pipeline_id), body.command(), origin)
        return await defined(response, receipt, pipeline_id)

    _ = (list_pipelines, define_pipeline, show_pipeline, define_version)
    return router


def _text_of(step: str, template: dict[str, JsonValue]) -> str:
    try:
        return storable(json.dumps(template, ensure_ascii=False))
    except ValueError as error:
        raise BadText(f"The template of step {step!r} {error}", step=step) from error
