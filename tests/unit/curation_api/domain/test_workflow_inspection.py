"""Inputs worth binding are found in workflows as ComfyUI exports them (SUB-1, MOD-2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_api.domain.binding import BindingKind
from curation_api.domain.pipeline_refusals import BadTemplate
from curation_api.domain.refusals import TooLarge
from curation_api.domain.template_text import parse_template
from curation_api.domain.workflow_flaws import FlawKind
from curation_api.domain.workflow_inspection import NODES_MAX, Accept, Filler, Inspection, inspect_workflow


def node(kind: str, title: str = "", **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs, "_meta": {"title": title or kind}}


SDXL: dict[str, Any] = {
    "4": node("CheckpointLoaderSimple", "Load Checkpoint", ckpt_name="sdxl.safetensors"),
    "5": node("EmptyLatentImage", width=1024, height=768, batch_size=1),
    "6": node("CLIPTextEncodeSDXL", "Positive", text_g="a pier", text_l="a pier", clip=["4", 1], width=1024),
    "7": node("CLIPTextEncode", "Negative", text="blurry", clip=["4", 1]),
    "8": node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0], image=["20", 0], strength=0.5),
    "20": node("LoadImage", "Pose", image="pose.png"),
    "3": node(
        "KSampler",
        seed=["30", 0],
        steps=20,
        cfg=7.5,
        sampler_name="euler",
        scheduler="karras",
        denoise=1.0,
        positive=["8", 0],
        negative=["8", 1],
        model=["4", 0],
        latent_image=["5", 0],
    ),
    "30": node("PrimitiveInt", "The seed", value=42),
    "9": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
    "10": node("SaveImage", images=["9", 0], filename_prefix="ComfyUI"),
}


def inspected(workflow: Any, accept: Accept = Accept.NONE, *, is_first: bool = False) -> Inspection:
    return inspect_workflow(workflow if isinstance(workflow, str) else json.dumps(workflow), accept, is_first=is_first)


def offered(found: Inspection) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.node, one.input): (one.kind.value, one.placeholder) for one in found.offers}


def test_prompts_are_told_apart_by_the_links_from_the_sampler() -> None:
    found = offered(inspected(SDXL))
    assert found["6", "text_g"] == found["6", "text_l"] == ("prompt", "prompt")
    assert found["7", "text"] == ("negative_prompt", "negative_prompt")


def test_a_value_wired_in_from_a_primitive_node_counts_as_what_it_feeds() -> None:
    found = offered(inspected(SDXL))
    assert found["30", "value"] == ("seed", "auto_seed")
    assert ("3", "seed") not in found


def test_sizes_settings_images_models_and_prefixes_are_found_by_their_inputs() -> None:
    found = offered(inspected(SDXL))
    assert {place: found[place] for place in (("5", "height"), ("5", "batch_size"), ("3", "cfg"), ("20", "image"))} == {
        ("5", "height"): ("size", "height"),
        ("5", "batch_size"): ("batch", "batch_size"),
        ("3", "cfg"): ("sampling", "cfg"),
        ("20", "image"): ("image", "parent_image"),
    }
    assert found["4", "ckpt_name"] == ("model", "ckpt_name")
    assert found["10", "filename_prefix"] == ("filename", "run_name")
    assert found["5", "width"] == found["6", "width"] == ("size", "width")


def test_flux_is_read_through_its_guider_and_a_zeroed_negative_is_no_prompt_of_its_own() -> None:
    flux = {
        "1": node("CLIPTextEncode", text="a fox", clip=["9", 0]),
        "2": node("FluxGuidance", conditioning=["1", 0], guidance=3.5),
        "3": node("BasicGuider", model=["9", 0], conditioning=["2", 0]),
        "4": node("ConditioningZeroOut", conditioning=["1", 0]),
        "5": node("KSampler", positive=["2", 0], negative=["4", 0]),
    }
    found = inspected(flux).offers
    assert [(one.node, one.kind) for one in found] == [("1", BindingKind.PROMPT), ("2", BindingKind.SAMPLING)]


def test_two_different_values_of_one_kind_get_two_names_told_apart_by_title() -> None:
    two = {
        "1": node("KSampler", "First pass", steps=20),
        "2": node("KSampler", "Second pass", steps=8),
        "3": node("KSampler", "Second pass", steps=9),
        "4": node("KSampler", "Third pass", steps=20),
    }
    names = [one.placeholder for one in inspected(two).offers]
    assert names == ["steps", "second_pass_steps", "steps_2", "steps"]


def test_a_name_the_template_uses_already_is_given_to_nothing_else() -> None:
    found = inspected({"1": node("KSampler", steps="{{steps}}"), "2": node("KSampler", "More", steps=8)})
    assert [one.placeholder for one in found.offers] == ["more_steps"]


def test_a_node_titled_as_a_placeholder_asks_for_that_name_and_a_primitive_one_for_its_title() -> None:
    found = inspected(
        {"1": node("Odd", "{{style}}", knob="film"), "2": node("PrimitiveFloat", "Grain size", value=0.5)}
    )
    assert [(one.kind, one.placeholder) for one in found.offers] == [("titled", "style"), ("titled", "grain_size")]


def test_a_first_step_has_no_parent_to_load() -> None:
    assert offered(inspected(SDXL, is_first=True))["20", "image"] == ("image", "image")


def test_accepted_offers_stand_in_the_template_and_say_who_fills_them() -> None:
    found = inspected(SDXL, Accept.RECOMMENDED)
    bound = json.loads(found.template)
    assert bound["6"]["inputs"]["text_l"] == "{{prompt}}"
    assert bound["30"]["inputs"]["value"] == "{{auto_seed}}"
    assert bound["3"]["inputs"]["steps"] == 20
    assert {one.name: one.filled_by for one in found.used} == {
        "prompt": Filler.RUN,
        "auto_seed": Filler.SYSTEM,
        "parent_image": Filler.PARENT,
    }
    everything = json.loads(inspected(SDXL, Accept.ALL).template)
    assert everything["3"]["inputs"]["steps"] == "{{steps}}"
    assert inspected(found.template, Accept.RECOMMENDED).template == found.template


def test_placeholders_outside_of_strings_survive_the_binding_of_others() -> None:
    text = '{"{{k}}": {"class_type": "KSampler", "inputs": {"steps": {{steps}}, "seed": 5, "cfg": {{cfg}}}}}'
    template = inspected(text, Accept.RECOMMENDED).template
    assert ["".join(template.split()), parse_template(template) != parse_template(text)] == [
        "".join(text.replace('"seed": 5', '"seed": "{{auto_seed}}"').split()),
        True,
    ]


def test_what_may_be_a_slip_of_a_name_the_system_knows_is_said() -> None:
    found = inspected({"1": node("LoadImage", image="{{parent_imgae}}"), "2": node("X", a="{{style}}")})
    assert [(one.name, one.resembles) for one in found.used] == [("parent_imgae", "parent_image"), ("style", None)]


def test_all_flaws_are_named_at_once() -> None:
    broken = {
        "a": node("A", x=["b", 0]),
        "b": node("B", x=["a", 0]),
        "c": node("C", x=["gone", 0]),
        "d": node("D", x=["d", 0]),
        "e": {"inputs": {}},
    }
    found = inspected(broken)
    assert [flaw.kind for flaw in found.flaws] == [
        FlawKind.NODE_MALFORMED,
        FlawKind.LINK_DANGLING,
        FlawKind.CIRCLE,
        FlawKind.CIRCLE,
        FlawKind.OUTPUT_MISSING,
    ]
    assert ["a", "b", "a"] in [list(flaw.nodes) for flaw in found.flaws]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"nodes": [], "links": []}', "Export (API)"),
        ('{"1": }', "line 1, column 7"),
        ("[]", "object of nodes"),
        ('{"1": {"class_type": "KSampler", "inputs": {"cfg": 1e999}}}', "too large for a number"),
    ],
)
def test_what_is_no_workflow_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        inspected(text)
    assert words in caught.value.message


def test_a_workflow_is_looked_at_up_to_a_size() -> None:
    with pytest.raises(TooLarge):
        inspected({str(number): node("X") for number in range(NODES_MAX + 1)})


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["{{prompt}}", ["1", 0], ["2", 1]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_INPUTS = st.dictionaries(
    st.sampled_from(["positive", "negative", "text", "seed", "steps", "width", "image", "value", "conditioning"]),
    _VALUES,
)
_NODES = st.fixed_dictionaries(
    {"class_type": st.sampled_from(["KSampler", "CLIPTextEncode", "LoadImage", "PrimitiveInt"]), "inputs": _INPUTS},
    optional={"_meta": _VALUES},
)


@given(st.dictionaries(st.sampled_from("12345"), _NODES | _VALUES, min_size=1))
def test_any_object_is_inspected_and_binding_changes_only_the_inputs_offered(workflow: dict[str, Any]) -> None:
    found = inspected(workflow, Accept.ALL)
    bound = json.loads(found.template)
    for one in found.offers:
        assert bound[one.node]["inputs"][one.input] == one.replacement
        bound[one.node]["inputs"][one.input] = one.value
    assert bound == workflow
