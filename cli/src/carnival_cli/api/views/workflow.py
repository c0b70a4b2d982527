"""A workflow that is no part of a pipeline yet, in the API's answers."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from carnival_cli.api.views.page import View


class Flaw(View):
    kind: str
    message: str
    nodes: list[str] = Field(default_factory=list[str])


class Binding(View):
    """An input that could become a placeholder."""

    node: str
    title: str
    input: str
    value: Any
    kind: str
    placeholder: str
    recommended: bool
    class_type: str = ""
    by_title: str | None = None
    replacement: str = ""


class Placeholder(View):
    name: str
    filled_by: str
    resembles: str | None = None


class WorkflowInspection(View):
    nodes: int
    flaws: list[Flaw]
    outputs: list[str]
    bindings: list[Binding]
    left_out: int
    template: str
    placeholders: list[Placeholder]
    needs_prompt: bool
    needs_parent: bool
