"""A pipeline as a file: JSON with the steps, each template inside it or in a file beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from carnival_cli.api.views.pipeline import Pipeline
from carnival_cli.api.views.workflow import WorkflowInspection
from carnival_cli.exits import CommandFailed, Exit

STEP_DEFAULTS: dict[str, Any] = {
    "needs_prompt": False,
    "needs_parent": False,
    "needs_variables": False,
    "child_cap": None,
    "pool": "default",
    "result_node": None,
}
VARIABLE_DEFAULTS: dict[str, Any] = {
    "type": "text",
    "default": None,
    "minimum": None,
    "maximum": None,
    "choices": [],
    "description": "",
}


def read_pipeline(file: Path) -> dict[str, Any]:
    """The body for the API. `template_file` of a step is read from beside the file. Raises CommandFailed."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}.", Exit.USAGE) from error
    except ValueError as error:
        raise CommandFailed(f"{file} is no JSON: {error}.", Exit.USAGE) from error
    if not isinstance(content, dict) or not isinstance(content.get("steps"), list):
        raise CommandFailed(f"{file} describes no pipeline: it needs a name and a list of steps.", Exit.USAGE)
    body = cast("dict[str, Any]", content)
    return body | {"steps": [_with_template(step, file) for step in body["steps"]]}


def same_definition(body: dict[str, Any], known: Pipeline) -> bool:
    """Whether `body` would change nothing in `known`."""
    if (body.get("name"), body.get("description", "")) != (known.name, known.description):
        return False
    declared = [one.model_dump() for one in known.form if one.declared]
    if [_declaration(one) for one in body.get("variables", [])] != [_declaration(one) for one in declared]:
        return False
    wanted = sorted((_comparable(step) for step in body["steps"]), key=lambda step: step["order"])
    return wanted == [_comparable(step.model_dump()) for step in known.steps]


def pipeline_skeleton(name: str, found: WorkflowInspection) -> dict[str, Any]:
    """A pipeline file of one step, whose template is the inspected workflow."""
    flags = {"needs_prompt": found.needs_prompt, "needs_parent": found.needs_parent}
    return {"name": name, "steps": [{"order": 1, "name": name, **flags, "template": _parsed(found.template)}]}


def _with_template(step: Any, file: Path) -> dict[str, Any]:
    if not isinstance(step, dict):
        raise CommandFailed(f"{file}: a step must be an object.", Exit.USAGE)
    fields = dict(cast("dict[str, Any]", step))
    name = fields.pop("template_file", None)
    if name is None:
        return fields
    place = file.parent / str(name)
    try:
        return fields | {"template": place.read_text(encoding="utf-8")}
    except OSError as error:
        raise CommandFailed(f"{place} cannot be read: {error.strerror}.", Exit.USAGE) from error


def _comparable(step: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: step.get(name, default) for name, default in STEP_DEFAULTS.items()}
    return wanted | {"order": step.get("order"), "name": step.get("name"), "template": _parsed(step.get("template"))}


def _declaration(variable: dict[str, Any]) -> dict[str, Any]:
    wanted = {name: variable.get(name, default) for name, default in VARIABLE_DEFAULTS.items()}
    return wanted | {"name": variable.get("name")}


def _parsed(template: Any) -> Any:
    if not isinstance(template, str):
        return template
    try:
        return json.loads(template)
    except ValueError:
        return template
