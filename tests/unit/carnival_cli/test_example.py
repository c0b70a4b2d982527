"""The example pipeline (CLI-1)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from carnival_cli.example import PROMPT, Variant, choose_variant, example_pipeline, example_run


def steps(variant: Variant, checkpoints: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return example_pipeline(variant, checkpoints)["steps"]


def classes(template: str) -> set[str]:
    return {node["class_type"] for node in json.loads(template).values()}


@pytest.mark.parametrize("variant", list(Variant))
def test_there_are_four_steps_with_the_flags_of_cli_1(variant: Variant) -> None:
    shown = [(step["order"], step["name"], step["needs_prompt"], step["needs_parent"]) for step in steps(variant)]
    assert shown == [
        (1, "Base Image", True, False),
        (2, "Face Fix", False, True),
        (3, "Hand Fix", False, True),
        (4, "Upscale", True, True),
    ]
    assert [step["child_cap"] for step in steps(variant)] == [None, None, None, 1]


@pytest.mark.parametrize("variant", list(Variant))
def test_templates_hold_the_placeholders_their_flags_promise(variant: Variant) -> None:
    for step in steps(variant):
        assert ("{{prompt}}" in step["template"]) == step["needs_prompt"]
        assert ("{{parent_image}}" in step["template"]) == step["needs_parent"]
        assert "{{auto_seed}}" in step["template"], "without a seed two jobs of one parent give one picture"


def test_the_run_is_named_gym_shoot_and_its_prompt_is_among_its_variables() -> None:
    run = example_run("p1")
    assert run["name"] == "Gym Shoot"
    assert run["variables"] == {"prompt": PROMPT}
    assert "n" not in run


def test_a_server_without_checkpoints_gets_the_variant_without_models() -> None:
    assert choose_variant([]) is Variant.MODEL_FREE
    assert choose_variant(["a.safetensors"]) is Variant.MODELS
    needed = set[str]().union(*(classes(step["template"]) for step in steps(Variant.MODEL_FREE)))
    assert needed == {
        "EmptyImage",
        "ImageAddNoise",
        "ImageBlur",
        "ImageBlend",
        "ImageSharpen",
        "ImageScaleBy",
        "LoadImage",
        "SaveImage",
    }


def test_a_checkpoint_the_server_lacks_gives_way_to_one_it_has() -> None:
    for step in steps(Variant.MODELS, ("mine.safetensors", "other.safetensors")):
        assert '"ckpt_name": "mine.safetensors"' in step["template"]
    assert "carnival-base" in steps(Variant.MODELS, ("a.safetensors", "carnival-base.safetensors"))[0]["template"]
