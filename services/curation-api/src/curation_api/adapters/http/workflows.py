"""Routes about workflows that are not part of a pipeline yet."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field, JsonValue

from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Template, workflow_text
from curation_api.application.views.workflow import WorkflowInspection
from curation_api.domain.pipeline_refusals import BadTemplate
from curation_api.domain.refusals import BadText, TooLarge
from curation_api.domain.workflow_inspection import Accept, inspect_workflow


class WorkflowBody(RequestBody):
    workflow: dict[str, JsonValue] | Template = Field(
        description="ComfyUI workflow in API format, as an object, or as text with placeholders anywhere."
    )
    accept: Accept = Field(default=Accept.RECOMMENDED, description="Which bindings `template` is answered with.")
    first_step: bool = Field(
        default=False,
        description=(
            "True: the first step of a pipeline, which has no parent. A loaded image is then offered as a variable"
            " `image` of the run; otherwise as `parent_image`, for the image that the step continues."
        ),
    )


def workflow_routes() -> APIRouter:
    router = APIRouter(prefix="/api/workflows", tags=["pipelines"])

    @router.post(
        "/inspect",
        summary="What a workflow is like, and which of its inputs are worth binding to placeholders",
        responses=problem_responses(BadText, BadTemplate, TooLarge),
    )
    def inspect(body: WorkflowBody) -> WorkflowInspection:
        """Changes nothing. Prompts are told apart by following the links from the samplers; seeds, sizes, sampling
        settings, loaded images, model files and file prefixes by their inputs; anything else by its node's title.

        A workflow saved for the user interface is refused with how to export it instead. Circles, dangling links and
        missing output nodes are named in `flaws`; a pipeline refuses a template that has any. What placeholders become
        is told by the document's introduction.
        """
        text = workflow_text(body.workflow, "The workflow")
        return WorkflowInspection.of(inspect_workflow(text, body.accept, is_first=body.first_step))

    _ = inspect
    return router
