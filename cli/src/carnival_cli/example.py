"""The example pipeline "Portrait" and its run "Gym Shoot" (CLI-1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

PIPELINE_NAME: Final = "Portrait"
RUN_NAME: Final = "Gym Shoot"
PROMPT: Final = "an athlete resting on a bench in a bright gym, morning light through tall windows"
SHIPPED_CHECKPOINT: Final = "carnival-base.safetensors"
LOADER: Final = "CheckpointLoaderSimple"


class Variant(StrEnum):
    """`models`: with a checkpoint. `model_free`: image filters only, for a ComfyUI that has no model."""

    MODELS = "models"
    MODEL_FREE = "model_free"


@dataclass(frozen=True, slots=True)
class ExampleStep:
    order: int
    name: str
    file: str
    needs_prompt: bool = False
    needs_parent: bool = False
    child_cap: int | None = None


STEPS: Final = (
    ExampleStep(1, "Base Image", "base_image", needs_prompt=True),
    ExampleStep(2, "Face Fix", "face_fix", needs_parent=True),
    ExampleStep(3, "Hand Fix", "hand_fix", needs_parent=True),
    ExampleStep(4, "Upscale", "upscale", needs_prompt=True, needs_parent=True, child_cap=1),
)


def choose_variant(checkpoints: Sequence[str]) -> Variant:
    """What a server with these checkpoints can run."""
    return Variant.MODELS if checkpoints else Variant.MODEL_FREE


def example_pipeline(variant: Variant, checkpoints: Sequence[str] = ()) -> dict[str, Any]:
    """The body of POST /api/pipelines. A shipped checkpoint that the server lacks gives way to its first one."""
    return {
        "name": PIPELINE_NAME,
        "description": "A base image, its face and hands repaired, then enlarged.",
        "steps": [
            {
                "order": step.order,
                "name": step.name,
                "template": json.dumps(_template(step, variant, checkpoints), indent=2),
                "needs_prompt": step.needs_prompt,
                "needs_parent": step.needs_parent,
                "child_cap": step.child_cap,
            }
            for step in STEPS
        ],
    }


def example_run(pipeline_id: str, n: int | None = None, t: int | None = None, name: str = RUN_NAME) -> dict[str, Any]:
    """The body of POST /api/runs; the prompt is among the variables."""
    limits = {key: value for key, value in (("n", n), ("t", t)) if value is not None}
    return {"pipeline_id": pipeline_id, "name": name, "variables": {"prompt": PROMPT}, **limits}


def _template(step: ExampleStep, variant: Variant, checkpoints: Sequence[str]) -> dict[str, Any]:
    suffix = "_model_free" if variant is Variant.MODEL_FREE else ""
    text = files("carnival_cli.examples").joinpath(f"{step.file}{suffix}.json").read_text(encoding="utf-8")
    workflow: dict[str, Any] = json.loads(text)
    if checkpoints and SHIPPED_CHECKPOINT not in checkpoints:
        for node in workflow.values():
            if node["class_type"] == LOADER:
                node["inputs"]["ckpt_name"] = checkpoints[0]
    return workflow
