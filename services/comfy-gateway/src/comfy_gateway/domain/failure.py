"""Whose fault a failure is (FAIL-4, FAIL-6), said in words that show no path of a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carnival.contracts.job import FailureClass, FailureCode
from comfy_gateway.domain.errors import BadPath, BuildError, MissingVariable
from comfy_gateway.domain.loose_json import Json, mapping, sequence, text
from comfy_gateway.domain.verdict import Broken

MESSAGE_MAX = 500

_PATH = re.compile(r"(?<![\w/:.])(?:[A-Za-z]:[\\/]|/|\\\\)(?:[^\s'\"`:;,*?<>|()\[\]]+[\\/])+")
_MEMORY_TYPES = re.compile(r"OutOfMemoryError|^MemoryError$")
_MEMORY_WORDS = re.compile(r"out of memory|can't allocate memory|cannot allocate memory|allocation on device", re.I)
_ASSET_TYPES = frozenset({"FileNotFoundError", "builtins.FileNotFoundError"})
_FILE = re.compile(
    r"\.(?:safetensors|sft|ckpt|pt|pth|bin|gguf|onnx|pkl|png|jpe?g|webp|gif|bmp|tiff?|mp4|webm|wav|mp3|flac|ya?ml)"
    r"(?:\s*\[\w+\])?$",
    re.I,
)
_FILE_INPUT = re.compile(
    r"^(?:ckpt|checkpoint|unet|vae|clip|lora|control_net|controlnet|style_model|gligen|model|upscale_model|hypernetwork"
    r"|photomaker|ipadapter|embedding)(?:_?(?:name|file|path))\d*$|^(?:image|mask|video|audio|file|filename)$"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """The end of a job without an image. `gpu_seconds` were spent all the same."""

    code: FailureCode
    failure_class: FailureClass
    message: str
    gpu_seconds: float = 0.0


def of_build(error: BuildError) -> Failure:
    """No payload could be built: the template's or the run's fault."""
    match error:
        case MissingVariable():
            code = FailureCode.MISSING_VARIABLE
        case BadPath():
            code = FailureCode.BAD_PATH
        case _:
            code = FailureCode.BAD_TEMPLATE
    return Failure(code, FailureClass.GRAPH, scrubbed(str(error)))


def of_refusal(status: int, body: str) -> Failure:
    """The server refused the submission for good. `body` is its answer as text, JSON or not."""
    try:
        answer = mapping(json.loads(body))
    except ValueError:
        words = " ".join(body.split()) or "no reason given"
        return _refused(f"The server refused the workflow with {status}: {words}")
    error = mapping(answer.get("error"))
    parts = [text(error.get("message")) or f"refused with {status}", text(error.get("details"))]
    headline = ": ".join(part for part in parts if part)
    return of_node_errors(mapping(answer.get("node_errors")), headline)


def of_node_errors(node_errors: Mapping[str, Json], headline: str = "Part of the workflow is invalid") -> Failure:
    """The server found nodes invalid, with a refusal or beside an acceptance of the rest."""
    found = list(_errors(node_errors))
    message = "; ".join([headline, *(f"node {node_id} ({kind}): {words}" for node_id, kind, words, _ in found)])
    if any(_is_missing_asset(error) for *_, error in found):
        return Failure(FailureCode.MISSING_ASSET, FailureClass.MISSING_ASSET, scrubbed(message))
    return _refused(message)


def of_execution(broken: Broken) -> Failure:
    """A node raised while the job ran: the picture's fault unless memory or a file was missing."""
    where = f"node {broken.node_id}, {broken.node_class}" if broken.node_id else "an unnamed node"
    kind = f"{broken.exception_type} in {where}" if broken.exception_type else where
    code, failure_class = _execution_class(broken)
    return Failure(code, failure_class, scrubbed(f"{broken.message} ({kind})"), broken.gpu_seconds)


def of_infrastructure(code: FailureCode, message: str, gpu_seconds: float = 0.0) -> Failure:
    """The node's fault: unreachable, lost, interrupted, too slow, or without the image it promised (FAIL-4)."""
    return Failure(code, FailureClass.INFRASTRUCTURE, scrubbed(message), gpu_seconds)


def scrubbed(message: str) -> str:
    """The message on few characters, and of every absolute path only the last name."""
    plain = _PATH.sub("", " ".join(message.split()))
    return plain if len(plain) <= MESSAGE_MAX else f"{plain[: MESSAGE_MAX - 1]}…"


def _execution_class(broken: Broken) -> tuple[FailureCode, FailureClass]:
    if _MEMORY_TYPES.search(broken.exception_type) or _MEMORY_WORDS.search(broken.message):
        return FailureCode.OUT_OF_MEMORY, FailureClass.MEMORY
    if broken.exception_type in _ASSET_TYPES:
        return FailureCode.MISSING_ASSET, FailureClass.MISSING_ASSET
    return FailureCode.EXECUTION_ERROR, FailureClass.CONTENT


def _refused(message: str) -> Failure:
    return Failure(FailureCode.REFUSED, FailureClass.GRAPH, scrubbed(message))


def _errors(node_errors: Mapping[str, Json]) -> Iterator[tuple[str, str, str, Mapping[str, Json]]]:
    for node_id, entry in node_errors.items():
        node = mapping(entry)
        for item in sequence(node.get("errors")):
            error = mapping(item)
            words = ": ".join(part for part in (text(error.get("message")), text(error.get("details"))) if part)
            yield node_id, text(node.get("class_type")), words, error


def _is_missing_asset(error: Mapping[str, Json]) -> bool:
    extra = mapping(error.get("extra_info"))
    match error.get("type"):
        case "custom_validation_failed":
            return "invalid image file" in text(error.get("details")).lower()
        case "value_not_in_list":
            name, value = text(extra.get("input_name")), text(extra.get("received_value"))
            return bool(_FILE_INPUT.search(name) or _FILE.search(value))
        case _:
            return False
