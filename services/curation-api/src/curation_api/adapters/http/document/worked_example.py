"""Requests that work as they stand: one story, of a pipeline, a run of it and what is done about the run.

An example made of the words of single members need not make sense as a whole. What can be refused for what it means
has its example here, by the schema's name; a test sends each to a hub. Ids stand for those the hub gave.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from carnival.contracts.pipeline import DEFAULT_POOL
from curation_api.adapters.http.document.vocabulary import FAR_MOMENT, WORDS
from curation_api.adapters.http.example_ids import FINAL, PIPELINE, RUN
from curation_api.application.views.workflow import WorkflowInspection
from curation_api.domain.placeholders import placeholders_of
from curation_api.domain.slug import step_slug
from curation_api.domain.workflow_inspection import Accept, inspect_workflow

Template = dict[str, Any]

_PROMPT: Final = WORDS["prompt"].example
_STYLE: Final = {"style": "film grain"}
_DESCRIPTION: Final = "Portraits; the second step draws their faces anew."
_CEILINGS: Final = {"images": 400, "gpu_seconds": 7200.0, "deadline": FAR_MOMENT}
_RATING: Final = {"system": "elo", "settings": {"k": 24}}
_RAFFLE: Final = {"weights": "boltzmann", "temperature": 100.0}


def _node(class_type: str, title: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "_meta": {"title": title}, "inputs": inputs}


def _workflow(
    prompt: str, seed: Any, cfg: Any, latent: Template, *, prefix: str, steps: int, denoise: float
) -> Template:
    """As ComfyUI's editor exports it in API format; node 5 of `latent` is where the sampler starts."""
    return {
        "4": _node("CheckpointLoaderSimple", "Checkpoint", ckpt_name="sd_xl_base_1.0.safetensors"),
        **latent,
        "6": _node("CLIPTextEncode", "Prompt", text=prompt, clip=["4", 1]),
        "7": _node("CLIPTextEncode", "Negative prompt", text="blurry, deformed", clip=["4", 1]),
        "3": _node(
            *("KSampler", "Sampler"),
            seed=seed,
            steps=steps,
            cfg=cfg,
            sampler_name="dpmpp_2m",
            scheduler="karras",
            denoise=denoise,
            model=["4", 0],
            positive=["6", 0],
            negative=["7", 0],
            latent_image=["5", 0],
        ),
        "8": _node("VAEDecode", "Decode", samples=["3", 0], vae=["4", 2]),
        "9": _node("SaveImage", "Save", filename_prefix=prefix, images=["8", 0]),
    }


def _base(prompt: str, seed: Any, cfg: Any) -> Template:
    latent = {"5": _node("EmptyLatentImage", "Size", width=832, height=1216, batch_size=1)}
    return _workflow(prompt, seed, cfg, latent, prefix="base", steps=30, denoise=1.0)


def _face_fix() -> Template:
    latent = {
        "10": _node("LoadImage", "Parent", image="{{parent_image}}"),
        "5": _node("VAEEncode", "Encode", pixels=["10", 0], vae=["4", 2]),
    }
    prompt = "close view of the face, {{prompt}}, {{style}}"
    return _workflow(prompt, "{{auto_seed}}", "{{cfg}}", latent, prefix="face_fix", steps=20, denoise=0.35)


def _step(order: int, name: str, template: Template, *, needs_parent: bool) -> dict[str, Any]:
    return {
        "order": order,
        "name": name,
        "template": template,
        "needs_prompt": True,
        "needs_parent": needs_parent,
        "needs_variables": True,
        "child_cap": 2 if needs_parent else None,
        "pool": DEFAULT_POOL,
        "result_node": "9",
    }


def _variable(name: str, description: str, **said: Any) -> dict[str, Any]:
    unsaid = {"type": "text", "default": None, "minimum": None, "maximum": None, "choices": []}
    return {"name": name, **unsaid, **said, "description": description}


_STEPS: Final = [
    _step(1, "Base", _base("{{prompt}}, {{style}}", "{{auto_seed}}", "{{cfg}}"), needs_parent=False),
    _step(2, "Face Fix", _face_fix(), needs_parent=True),
]
_VARIABLES: Final = [
    _variable("style", "What it is to look like.", maximum=200),
    _variable("cfg", "How closely the prompt is followed.", type="number", default=7, minimum=1, maximum=20),
]
_PIPELINE: Final = {"name": "Portrait", "description": _DESCRIPTION, "steps": _STEPS, "variables": _VARIABLES}
_RUN: Final = {
    "pipeline_id": PIPELINE,
    "pipeline_version": 1,
    "name": "Gym Shoot",
    "prompt": _PROMPT,
    "variables": _STYLE,
    "folder": WORDS["folder"].example,
    "profile": "autonomous",
    "n": 5,
    "t": 10,
    "ceilings": _CEILINGS,
    "rating": _RATING,
    "policy": "round_robin",
    "raffle": _RAFFLE,
}
_CHANGES: Final = {"n": 4, "t": 20, "rating": _RATING, "policy": "round_robin", "raffle": _RAFFLE}
_WORKFLOW: Final = _base("a gym in the morning light, film grain", 1000017, 7.0)


def _step_view(step: Mapping[str, Any]) -> dict[str, Any]:
    template = json.dumps(step["template"])
    slug = step_slug(step["name"], step["order"])
    return {**step, "slug": slug, "template": template, "placeholders": list(placeholders_of(template))}


def _field(variable: Mapping[str, Any], *, declared: bool = True) -> dict[str, Any]:
    return {**variable, "declared": declared, "required": variable["default"] is None}


def _pipeline_view() -> dict[str, Any]:
    return {
        "pipeline_id": PIPELINE,
        "version": 1,
        "last_version": 1,
        "name": "Portrait",
        "description": _DESCRIPTION,
        "defined_at": WORDS["defined_at"].example,
        "position": 17,
        "steps": [_step_view(step) for step in _STEPS],
        "variables": ["prompt", "style"],
        "form": [*map(_field, _VARIABLES), _field(_variable("prompt", ""), declared=False)],
        "warnings": [],
    }


def _inspection() -> dict[str, Any]:
    """What the API truly answers to its example of a workflow."""
    found = inspect_workflow(json.dumps(_WORKFLOW), Accept.RECOMMENDED, is_first=True)
    return WorkflowInspection.of(found).model_dump(mode="json")


def worked_examples() -> dict[str, Any]:
    """By the name of the schema they are examples of."""
    return {
        "PipelineBody": _PIPELINE,
        "PipelineView": _pipeline_view(),
        "WorkflowBody": {"workflow": _WORKFLOW, "accept": "recommended", "first_step": True},
        "WorkflowInspection": _inspection(),
        "RunBody": _RUN,
        "MatrixBody": {
            **_RUN,
            "variables": {},
            "matrix": {"style": ["film grain", "noir"]},
        },
        "ForkBody": {"position": WORDS["position"].example, "name": "Gym Shoot, wilder", **_CHANGES},
        "WhatIfBody": _CHANGES,
        "RunPatch": {"name": "Gym Shoot, longer", "n": 4, "t": 20, "ceilings": _CEILINGS, "raffle": _RAFFLE},
        "WalkBody": {"candidate_id": FINAL, "note": "six fingers"},
        "WinnerBody": {"candidate_id": FINAL},
        "TokenBody": {"name": "ada", "role": "voter", "expires_at": FAR_MOMENT},
        "GuestLinkBody": {"run_id": RUN, "label": "friends", "expires_at": FAR_MOMENT},
        "WebhookBody": {
            "url": "https://hooks.example.org/carnival",
            "types": ["VoteCast", "ImageProduced"],
            "run_ids": [],
        },
    }
