"""Pipelines in the API's answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from carnival_cli.api.views.page import View


class PipelineSummary(View):
    pipeline_id: str
    version: int
    name: str
    description: str = ""
    steps: list[str] = Field(default_factory=list[str])
    runs: int = 0
    defined_at: datetime | None = None


class Step(View):
    order: int
    name: str
    template: str
    needs_prompt: bool
    needs_parent: bool
    needs_variables: bool
    child_cap: int | None = None
    pool: str
    placeholders: list[str] = Field(default_factory=list[str])
    slug: str = ""
    result_node: str | None = None


class Variable(View):
    """What a run can bring for one placeholder."""

    name: str
    type: str = "text"
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    choices: list[Any] = Field(default_factory=list[Any])
    description: str = ""
    declared: bool = True
    required: bool = False


class Pipeline(View):
    pipeline_id: str
    version: int
    name: str
    description: str = ""
    steps: list[Step]
    variables: list[str] = Field(default_factory=list[str])
    form: list[Variable] = Field(default_factory=list[Variable])
    warnings: list[str] = Field(default_factory=list[str])
    last_version: int = 0
    defined_at: datetime | None = None
    position: int = 0


class Lack(View):
    """What no server has for one node of a template."""

    node_id: str
    class_type: str
    input: str | None
    file: str | None


class StepReadiness(View):
    """Whether the servers present can do one step."""

    order: int
    name: str
    pool: str
    readiness: str
    servers: int
    lacks: list[Lack]
    warning: str | None
