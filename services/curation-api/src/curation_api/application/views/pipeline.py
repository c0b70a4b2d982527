"""Pipelines as clients see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from curation_api.application.views.page import View


class StepView(View):
    order: int
    name: str
    slug: str = Field(description="Folder name of the step's images below the run's folder.")
    template: str = Field(description="ComfyUI workflow in API format with placeholders {{name}}.")
    needs_prompt: bool
    needs_parent: bool
    needs_variables: bool
    child_cap: int | None = Field(description="Replaces N for the children made at this step.")
    pool: str
    result_node: str | None
    placeholders: list[str] = Field(description="Names used by the template, in order of appearance.")


class PipelineSummary(View):
    pipeline_id: str
    version: int = Field(description="The newest version.")
    name: str
    description: str
    defined_at: datetime
    steps: list[str] = Field(description="The steps' names in order.")
    runs: int


class PipelineView(View):
    """One version of a pipeline."""

    pipeline_id: str
    version: int
    last_version: int
    name: str
    description: str
    defined_at: datetime
    position: int = Field(description="Where this version stands in the log.")
    steps: list[StepView]
    variables: list[str] = Field(description="Names that a run must bring along.")
    warnings: list[str] = Field(description="What is allowed but hardly meant.")
