"""Whose fault it is (FAIL-4, FAIL-6), without paths."""

from __future__ import annotations

import json
from typing import Any

import pytest

from carnival.contracts.job import FailureClass, FailureCode
from comfy_gateway.domain.errors import BadPath, BadTemplate, MissingVariable
from comfy_gateway.domain.failure import of_build, of_execution, of_node_errors, of_refusal, scrubbed
from comfy_gateway.domain.verdict import Broken


def node_errors(kind: str, details: str = "", message: str = "it is wrong", **extra: Any) -> dict[str, Any]:
    error = {"type": kind, "message": message, "details": details, "extra_info": extra}
    return {"4": {"errors": [error], "dependent_outputs": ["9"], "class_type": "Loader"}}


def refused(node: dict[str, Any]) -> str:
    error = {"type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": ""}
    return json.dumps({"error": error, "node_errors": node})


@pytest.mark.parametrize(
    "errors",
    [
        node_errors("custom_validation_failed", "image - Invalid image file: gone.png", input_name="image"),
        node_errors("value_not_in_list", input_name="ckpt_name", received_value="model"),
        node_errors("value_not_in_list", input_name="lora_name", received_value=""),
        node_errors("value_not_in_list", input_name="clip_name2", received_value="x"),
        node_errors("value_not_in_list", input_name="odd", received_value="sub/detail.safetensors"),
        node_errors("value_not_in_list", input_name="image", received_value="x"),
    ],
)
def test_a_file_the_server_lacks_is_a_missing_asset(errors: dict[str, Any]) -> None:
    failure = of_refusal(400, refused(errors))
    assert (failure.code, failure.failure_class) == (FailureCode.MISSING_ASSET, FailureClass.MISSING_ASSET)


def test_what_is_missing_is_named_once_each_and_nothing_else() -> None:
    both = node_errors("value_not_in_list", "a long list", input_name="ckpt_name", received_value="x.safetensors")
    both |= {"7": node_errors("custom_validation_failed", "image - Invalid image file: gone.png")["4"]}
    failure = of_refusal(400, refused(both))
    assert failure.message == "node 4 (Loader) lacks x.safetensors for ckpt_name; node 7 (Loader) lacks gone.png"
    assert failure.others_may_differ


@pytest.mark.parametrize(
    "errors",
    [
        node_errors("required_input_missing", "seed", input_name="seed"),
        node_errors("value_not_in_list", input_name="sampler_name", received_value="magic"),
        node_errors("value_not_in_list", input_name="upscale_method", received_value="magic"),
        node_errors("custom_validation_failed", "text - too long", input_name="text"),
        node_errors("return_type_mismatch"),
    ],
)
def test_any_other_invalid_node_is_the_graphs_fault(errors: dict[str, Any]) -> None:
    failure = of_node_errors(errors)
    assert (failure.code, failure.failure_class) == (FailureCode.REFUSED, FailureClass.GRAPH)
    assert "node 4 (Loader): it is wrong" in failure.message
    assert not failure.others_may_differ


def test_an_unknown_class_is_told_in_the_servers_words() -> None:
    error = {"type": "invalid_prompt", "message": "Cannot execute because node Foo does not exist.", "details": "#2"}
    failure = of_refusal(400, json.dumps({"error": error, "node_errors": {}}))
    assert failure.failure_class is FailureClass.GRAPH
    assert "node Foo does not exist.: #2" in failure.message
    assert failure.others_may_differ


@pytest.mark.parametrize("body", ["500 Internal Server Error\n\nServer got itself in trouble", "", "[]", "5", "{}"])
def test_a_refusal_in_any_shape_is_understood(body: str) -> None:
    failure = of_refusal(500, body)
    assert (failure.code, failure.failure_class) == (FailureCode.REFUSED, FailureClass.GRAPH)
    assert failure.message


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        ("torch.OutOfMemoryError", "x", FailureClass.MEMORY),
        ("torch.cuda.OutOfMemoryError", "x", FailureClass.MEMORY),
        ("RuntimeError", "DefaultCPUAllocator: can't allocate memory: you tried", FailureClass.MEMORY),
        ("RuntimeError", "CUDA error: out of memory", FailureClass.MEMORY),
        ("RuntimeError", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate", FailureClass.MEMORY),
        ("numpy._core._exceptions._ArrayMemoryError", "Unable to allocate 3 GiB", FailureClass.MEMORY),
        ("RuntimeError", "CUDA error: device-side assert triggered", FailureClass.INFRASTRUCTURE),
        ("torch.AcceleratorError", "an illegal memory access was encountered", FailureClass.INFRASTRUCTURE),
        ("RuntimeError", "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", FailureClass.INFRASTRUCTURE),
        ("OSError", "[Errno 28] No space left on device: 'x.png'", FailureClass.INFRASTRUCTURE),
        ("FileNotFoundError", "no such file", FailureClass.MISSING_ASSET),
        ("PIL.UnidentifiedImageError", "cannot identify image file", FailureClass.CONTENT),
        ("RuntimeError", "Padding size should be less", FailureClass.CONTENT),
        ("re.error", "missing )", FailureClass.CONTENT),
        ("", "Unknown error", FailureClass.CONTENT),
    ],
)
def test_execution_errors_are_content_unless_memory_a_file_or_a_sound_server_was_missing(
    kind: str, message: str, expected: FailureClass
) -> None:
    failure = of_execution(Broken(message, kind, "2", "Blur", 1.5))
    assert failure.failure_class is expected
    assert failure.gpu_seconds == 1.5
    assert failure.message.startswith(message)


def test_build_errors_have_codes() -> None:
    assert of_build(MissingVariable("x")).code is FailureCode.MISSING_VARIABLE
    assert of_build(BadPath("1", "image")).code is FailureCode.BAD_PATH
    assert of_build(BadTemplate("no")).code is FailureCode.BAD_TEMPLATE
    assert "{{x}}" in of_build(MissingVariable("x")).message


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("cannot open '/srv/comfy/input/a.png'", "cannot open 'a.png'"),
        ("in /comfy/execution.py:12 and C:\\ComfyUI\\nodes.py", "in execution.py:12 and nodes.py"),
        ("see https://example.org/help/x", "see https://example.org/help/x"),
        ("1/2 of 3/4", "1/2 of 3/4"),
        ("two\nlines", "two lines"),
    ],
)
def test_messages_show_no_server_path(message: str, shown: str) -> None:
    assert scrubbed(message) == shown


def test_messages_are_cut() -> None:
    assert len(scrubbed("x" * 10_000)) == 500
