"""Routes about pipelines."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import ConfigDict, Field, JsonValue, StrictBool, StrictFloat, StrictInt

from carnival.contracts.ids import PipelineId, Position
from carnival.contracts.pipeline import DEFAULT_POOL, PipelineDefined, PoolName, VariableDefinition, VariableType
from curation_api.adapters.http.etags import IfMatch, tag
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import INTEGER_MAX, FromWhere, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Line, LongText, Name, Template, workflow_text
from curation_api.adapters.http.written import Written, written
from curation_api.application.known import known, pipeline_named
from curation_api.application.ledger import Receipt
from curation_api.application.views.fleet import StepReadinessView
from curation_api.application.views.page import Page
from curation_api.application.views.pipeline import PipelineSummary, PipelineView
from curation_api.domain.pipeline import DefinePipeline, StepDraft
from curation_api.domain.pipeline_refusals import BadDeclaration, BadSteps, BadTemplate
from curation_api.domain.refusals import BadText, ChangedSince, PipelineUnknown
from curation_api.domain.variable import completed

ORDER_MAX = 100_000
STEPS_MAX = 100
VARIABLES_MAX = 200
CHOICES_MAX = 200

Value = LongText | StrictInt | StrictFloat | StrictBool


class StepBody(RequestBody):
    order: int = Field(ge=1, le=ORDER_MAX)
    name: Name = Field(description="The step's name, which also makes the folder of its images.")
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
        return StepDraft(
            order=self.order,
            name=self.name,
            template=workflow_text(self.template, f"The template of step {self.name!r}", step=self.name),
            needs_prompt=self.needs_prompt,
            needs_parent=self.needs_parent,
            needs_variables=self.needs_variables,
            child_cap=self.child_cap,
            pool=self.pool,
            result_node=self.result_node,
        )


class VariableBody(RequestBody):
    """What a run may bring for one placeholder."""

    model_config = ConfigDict(allow_inf_nan=False)

    name: str = Field(pattern=r"^[A-Za-z0-9_]{1,64}$", description="The placeholder's name, without its braces.")
    type: VariableType = Field(default=VariableType.TEXT, description="Which values fit.")
    default: Value | None = Field(default=None, description="Without one a run must bring it.")
    minimum: float | None = Field(default=None, description="Least number, or least length of a text.")
    maximum: float | None = Field(default=None, description="Greatest number, or greatest length of a text.")
    choices: list[Value] = Field(default=[], max_length=CHOICES_MAX, description="All values of a choice.")
    description: Line = ""

    def definition(self) -> VariableDefinition:
        return VariableDefinition.model_validate(self.model_dump())


class PipelineBody(RequestBody):
    name: Name = Field(description="The pipeline's name; others may have the same.")
    description: LongText = ""
    steps: list[StepBody] = Field(default=[], max_length=STEPS_MAX)
    variables: list[VariableBody] = Field(
        default=[], max_length=VARIABLES_MAX, description="Typed variables; any other placeholder takes any value."
    )

    def command(self) -> DefinePipeline:
        return DefinePipeline(
            name=self.name,
            description=self.description,
            steps=tuple(step.draft() for step in self.steps),
            variables=tuple(variable.definition() for variable in self.variables),
        )


def pipeline_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/pipelines", tags=["pipelines"], dependencies=[Depends(parts.at_least)])
    _add_queries(router, parts)
    _add_definitions(router, parts)
    return router


def _add_queries(router: APIRouter, parts: Parts) -> None:
    pipelines, check_steps = parts.readers.pipelines, parts.pipelines.check_steps

    @router.get("", summary="List pipelines, newest first", responses=problem_responses())
    async def list_pipelines(
        turn: Turn, cursor: PositionCursor = None, limit: Annotated[int, Query(ge=1, le=200), PLAIN_DIGITS] = 50
    ) -> Page[PipelineSummary]:
        """The newest version of each pipeline. A new version moves its pipeline to the front."""
        before = Position(cursor) if cursor is not None else None
        return turn.to(await pipelines.page(before=before, limit=limit))

    @router.get("/{pipeline_id}", summary="One version of a pipeline", responses=problem_responses(PipelineUnknown))
    async def show_pipeline(
        pipeline_id: IdPath,
        response: Response,
        version: Annotated[int | None, Query(ge=1, le=INTEGER_MAX), PLAIN_DIGITS] = None,
    ) -> PipelineView:
        """The newest version, or the one asked for, with its steps and templates."""
        view = await pipelines.view(PipelineId(pipeline_id), version)
        found = known(view, PipelineUnknown, pipeline_named(pipeline_id, version))
        tag(response, found)
        return found

    @router.get(
        "/{pipeline_id}/readiness",
        summary="Whether the servers present can do its steps, and what they lack",
        responses=problem_responses(PipelineUnknown),
    )
    async def show_readiness(
        pipeline_id: IdPath, version: Annotated[int | None, Query(ge=1, le=INTEGER_MAX), PLAIN_DIGITS] = None
    ) -> list[StepReadinessView]:
        """Placeholders stand for anything. Of a step whose pool has no server present only that is said."""
        defined = await pipelines.defined(PipelineId(pipeline_id), version)
        found = known(defined, PipelineUnknown, pipeline_named(pipeline_id, version))
        return [StepReadinessView.of(step) for step in await check_steps(found.steps)]

    _ = (list_pipelines, show_pipeline, show_readiness)


def _add_definitions(router: APIRouter, parts: Parts) -> None:
    define, pipelines = parts.pipelines.define, parts.readers.pipelines
    check_steps = parts.pipelines.check_steps

    async def defined(response: Response, receipt: Receipt[PipelineDefined], fallback: str) -> Written[PipelineView]:
        event = receipt.event
        identity = event.pipeline_id if event else PipelineId(fallback)
        return await written(
            response,
            receipt,
            identity,
            lambda: pipelines.view(identity, event.version if event else None),
            created=True,
            warnings=await check_steps.warnings(event.steps, completed(event.variables, {})) if event else (),
        )

    @router.post(
        "",
        summary="Define a new pipeline",
        status_code=201,
        responses=problem_responses(BadText, BadSteps, BadTemplate, BadDeclaration),
    )
    async def define_pipeline(body: PipelineBody, origin: FromWhere, response: Response) -> Written[PipelineView]:
        """Version 1 of a new pipeline. Orders must be unique, templates in API format and fit to become workflows.

        A workflow saved for the user interface is refused with how to export it instead. `warnings` of the result
        name what is allowed but hardly meant.
        """
        return await defined(response, await define.first(body.command(), origin), "")

    @router.post(
        "/{pipeline_id}/versions",
        summary="Define the next version of a pipeline; runs keep the version they started with",
        status_code=201,
        responses=problem_responses(ChangedSince, PipelineUnknown, BadText, BadSteps, BadTemplate, BadDeclaration),
    )
    async def define_version(
        pipeline_id: IdPath, body: PipelineBody, origin: IfMatch, response: Response
    ) -> Written[PipelineView]:
        """Versions are immutable. Runs keep the one they started with; new runs get the newest unless they name one."""
        receipt = await define.next(PipelineId(pipeline_id), body.command(), origin)
        return await defined(response, receipt, pipeline_id)

    _ = (define_pipeline, define_version)
