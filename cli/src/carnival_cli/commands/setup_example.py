"""Setting up the example pipeline and its run, for the command and for the demo."""

from __future__ import annotations

from dataclasses import dataclass

from carnival_cli.api.client import CarnivalApi
from carnival_cli.comfyui import ComfyUnreachable, look_at
from carnival_cli.example import PIPELINE_NAME, Variant, choose_variant, example_pipeline
from carnival_cli.pipeline_file import same_definition


@dataclass(frozen=True, slots=True)
class ExampleSetUp:
    """What is there now. `changed`: whether this call made a pipeline or a version."""

    pipeline_id: str
    variant: Variant
    changed: bool


async def set_up_example(api: CarnivalApi, comfyui: str | None, *, model_free: bool = False) -> ExampleSetUp:
    """The example pipeline as `comfyui` can run it; several addresses: the first that answers is asked.

    A pipeline of that name gets a new version only if something differs. Raises ComfyUnreachable, ApiRefused.
    """
    checkpoints = () if model_free or comfyui is None else _checkpoints(comfyui)
    asked = comfyui is not None and not model_free
    variant = choose_variant(checkpoints) if asked else (Variant.MODEL_FREE if model_free else Variant.MODELS)
    body = example_pipeline(variant, checkpoints)
    known = next((entry for entry in await api.pipelines.all() if entry.name == PIPELINE_NAME), None)
    if known is not None and same_definition(body, await api.pipelines.one(known.pipeline_id)):
        return ExampleSetUp(known.pipeline_id, variant, changed=False)
    written = await api.pipelines.define(body, known.pipeline_id if known else None)
    return ExampleSetUp(written.id, variant, changed=True)


def _checkpoints(comfyui: str) -> tuple[str, ...]:
    problem = ComfyUnreachable("no address of a ComfyUI server is given")
    for url in (part for part in comfyui.split(",") if part.strip()):
        try:
            return tuple(look_at(url).checkpoints)
        except ComfyUnreachable as error:
            problem = error
    raise problem
