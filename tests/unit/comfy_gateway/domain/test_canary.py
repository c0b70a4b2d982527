"""Canaries are made of what a server has, and never of a model."""

from __future__ import annotations

import json

from comfy_gateway.domain.canary import canary_body, canary_workflow
from comfy_gateway.domain.workflow import checked


def test_a_canary_blurs_on_the_gpu_and_leaves_no_file() -> None:
    workflow = canary_workflow({"EmptyImage", "ImageBlur", "PreviewImage", "SaveImage"}, 0x1234567)
    assert workflow is not None
    assert [node["class_type"] for node in checked(json.loads(json.dumps(workflow))).values()] == [
        "EmptyImage",
        "ImageBlur",
        "PreviewImage",
    ]
    assert workflow["1"]["inputs"] == {"width": 32, "height": 32, "batch_size": 1, "color": 0x234567}
    assert workflow["3"]["inputs"] == {"images": ["2", 0]}


def test_without_some_nodes_it_does_with_fewer() -> None:
    workflow = canary_workflow({"EmptyImage", "SaveImage"}, 1)
    assert workflow is not None
    assert workflow["3"]["inputs"] == {"images": ["1", 0], "filename_prefix": "carnival/canary"}
    assert canary_workflow({"SaveImage"}, 1) is None
    assert canary_workflow({"EmptyImage"}, 1) is None


def test_it_goes_in_front_and_never_names_a_number() -> None:
    workflow = canary_workflow({"EmptyImage", "PreviewImage"}, 1)
    assert workflow is not None
    body = json.loads(canary_body(workflow, prompt_id="p", client_id="c"))
    assert (body["front"], body["prompt_id"], body["client_id"]) == (True, "p", "c")
    assert "number" not in body
