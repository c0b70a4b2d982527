"""One job's payload: what is posted, and how to read what comes back (PAY-1 to PAY-10)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from comfy_gateway.domain import workflow as workflows
from comfy_gateway.domain.loose_json import Json
from comfy_gateway.domain.template import fill
from comfy_gateway.domain.variables import Recipe, listed_values, values_of
from comfy_gateway.domain.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Payload:
    """`variables` are those the step's flags list; `output_folder` is the store folder of the image (PAY-5)."""

    workflow: Workflow
    variables: Mapping[str, Json]
    output_folder: str
    result_node: str | None


def build(recipe: Recipe) -> Payload:
    """The payload of a job; changes nothing and asks no clock (SUB-10). Raises BuildError."""
    listed = listed_values(recipe)
    workflow = workflow_of(recipe)
    result = workflows.result_node(workflow, recipe.step.result_node)
    folder = workflows.job_folder(recipe.run.folder, recipe.request.number, recipe.request.job_id)
    return Payload(
        workflow=workflows.with_prefix(workflow, folder, recipe.step.slug),
        variables=listed,
        output_folder=output_folder(recipe.run.folder, recipe.step.slug),
        result_node=result,
    )


def workflow_of(recipe: Recipe) -> Workflow:
    """The template with every value in its place, checked. Raises BuildError."""
    return workflows.checked(fill(recipe.step.template, values_of(recipe)))


def output_folder(run_folder: str, step_slug: str) -> str:
    """Run folder and step slug, joined by one slash (PAY-5)."""
    return f"{run_folder.rstrip('/')}/{step_slug}"


def request_body(payload: Payload, recipe: Recipe, *, prompt_id: str, client_id: str, preview_method: str) -> bytes:
    """The body of the submission. Pure ASCII, so that any text survives the way.

    No `number` is ever sent: equal ones can kill the server's worker. The job's own keys travel in `extra_data`, where
    queue and history show them again, and in the picture's metadata. `preview_method` is how the server draws previews.
    """
    request = recipe.request
    label: dict[str, Json] = {"run_id": request.run_id, "job_id": request.job_id, "number": request.number}
    picture: dict[str, Json] = {
        **label,
        "run": recipe.run_name,
        "step": recipe.step.name,
        "seed": request.seed,
        "folder": payload.output_folder,
        "variables": payload.variables,
    }
    body = {
        "prompt": payload.workflow,
        "prompt_id": prompt_id,
        "client_id": client_id,
        "extra_data": {
            "carnival": label,
            "extra_pnginfo": {"carnival": picture},
            "preview_method": preview_method,
        },
    }
    return json.dumps(body, allow_nan=False).encode()
