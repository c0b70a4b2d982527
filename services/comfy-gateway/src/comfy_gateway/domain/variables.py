"""The values a job offers to its template, and those it lists (PAY-2 to PAY-7, SUB-6 to SUB-9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from carnival.contracts.job import JobRequested
from carnival.contracts.pipeline import StepDefinition
from carnival.contracts.run import RunStarted
from comfy_gateway.domain.errors import MissingVariable
from comfy_gateway.domain.loose_json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """All that a payload is made of. `run_name` is the name today, `parent_image` the parent's name on the node."""

    run: RunStarted
    run_name: str
    step: StepDefinition
    request: JobRequested
    parent_image: str | None = None


def values_of(recipe: Recipe) -> dict[str, Json]:
    """Every value a placeholder may ask for; system names win over the run's own, those over its variables (SUB-8)."""
    return {**_run_variables(recipe), **_own(recipe), **_system(recipe)}


def listed_values(recipe: Recipe) -> dict[str, Json]:
    """The values that the step's flags list. Raises MissingVariable for a prompt that is wanted and blank (PAY-7)."""
    step, listed = recipe.step, dict[str, Json]()
    prompt = prompt_of(recipe)
    if step.needs_prompt and prompt is None:
        raise MissingVariable("prompt")
    if step.needs_variables:
        listed.update(_run_variables(recipe))
    if prompt is not None and (step.needs_prompt or step.needs_variables):
        listed["prompt"] = prompt
    if step.needs_parent:
        listed.update(_parent(recipe))
    return listed


def prompt_of(recipe: Recipe) -> Json:
    """The run's own prompt, else its variable of that name; None if there is none or a blank one."""
    for prompt in (recipe.run.prompt, _run_variables(recipe).get("prompt")):
        if prompt is not None and str(prompt).strip():
            return prompt
    return None


def _run_variables(recipe: Recipe) -> dict[str, Json]:
    return cast("dict[str, Json]", dict(recipe.run.variables))


def _own(recipe: Recipe) -> dict[str, Json]:
    prompt = recipe.run.prompt
    own: dict[str, Json] = {"name": recipe.run_name}
    return own | {"prompt": prompt} if prompt is not None and prompt.strip() else own


def _system(recipe: Recipe) -> dict[str, Json]:
    request = recipe.request
    return {
        "run_name": recipe.run_name,
        "timestamp": request.moment_ms // 1000,
        "timestamp_ms": request.moment_ms,
        "random": request.random,
        "job_id": request.number,
        "auto_seed": request.seed,
        **_parent(recipe),
    }


def _parent(recipe: Recipe) -> dict[str, Json]:
    name = recipe.parent_image
    return {} if name is None else {"parent_image": name, "parent_image_path": name}
