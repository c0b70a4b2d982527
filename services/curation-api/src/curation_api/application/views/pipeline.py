"""Pipelines as clients see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival.contracts.pipeline import Scalar, VariableType
from curation_api.application.views.page import View


class StepView(View):
    order: int
    name: str = Field(description="The step's name.")
    slug: str = Field(description="Folder name of the step's images below the run's folder.")
    template: str = Field(description="ComfyUI workflow in API format with placeholders {{name}}.")
    needs_prompt: bool
    needs_parent: bool
    needs_variables: bool
    child_cap: int | None = Field(description="Replaces N for the children made at this step.")
    pool: str
    result_node: str | None
    placeholders: list[str] = Field(description="Names used by the template, in order of appearance.")


class VariableView(View):
    """What a run can bring for one placeholder."""

    name: str = Field(description="The placeholder's name, without its braces.")
    type: VariableType = Field(description="Which values fit.")
    default: Scalar | None = Field(description="What a run gets that does not bring it; null: none.")
    minimum: float | None = Field(description="Least number, or least length of a text.")
    maximum: float | None = Field(description="Greatest number, or greatest length of a text.")
    choices: list[Scalar] = Field(description="All values of a choice.")
    description: str
    declared: bool = Field(description="False: some template uses it, and it takes any value.")
    required: bool = Field(description="Whether a run must bring it.")


class PipelineSummary(View):
    pipeline_id: str
    version: int = Field(description="The newest version.")
    name: str = Field(description="The pipeline's name.")
    description: str
    defined_at: datetime
    steps: list[str] = Field(description="The steps' names in order.", examples=[["Base", "Face Fix"]])
    runs: int


class PipelineView(View):
    """One version of a pipeline."""

    pipeline_id: str
    version: int
    last_version: int
    name: str = Field(description="The pipeline's name.")
    description: str
    defined_at: datetime
    position: int = Field(description="Where this version stands in the log.")
    steps: list[StepView]
    variables: list[str] = Field(description="Names that a run must bring along.")
    form: list[VariableView] = Field(description="All that a run can bring: what is declared, then what is used.")
    warnings: list[str] = Field(description="What is allowed but hardly meant.")
