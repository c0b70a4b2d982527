"""Whose fault a failure is (FAIL-4, FAIL-6), said in words that show no path of a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from carnival.contracts.job import AttemptFailed, FailureClass, FailureCode
from comfy_gateway.domain.errors import BadPath, BuildError, MissingVariable
from comfy_gateway.domain.loose_json import Json, mapping, sequence, text
from comfy_gateway.domain.model_files import MODEL_ENDING, MODEL_INPUT
from comfy_gateway.domain.verdict import Broken

MESSAGE_MAX = 500

_PATH = re.compile(r"(?<![\w/:.])(?:[A-Za-z]:[\\/]|/|\\\\)(?:[^\s'\"`:;,*?<>|()\[\]]+[\\/])+")
_MEMORY_TYPES = re.compile(r"OutOfMemoryError|MemoryError$")
_MEMORY_WORDS = re.compile(
    r"out of memory|(?:can't|cannot) allocate memory|not enough memory|allocation on device|_STATUS_ALLOC_FAILED", re.I
)
_SICK_WORDS = re.compile(
    r"(?:CUDA|cuDNN|HIP|MPS|XPU|NCCL)\w* (?:driver )?error|CU(?:BLAS|DNN|SOLVER|SPARSE)_STATUS_|AcceleratorError"
    r"|no space left on device|too many open files|input/output error|read-only file system|stale file handle",
    re.I,
)
"""The server, its driver or its disk is unwell: what it was drawing has nothing to do with it."""
_UNKNOWN_CLASS = frozenset({"invalid_prompt", "missing_node_type"})
_NOT_THERE = re.compile(r"does not exist|not found", re.I)
_ASSET_TYPES = frozenset({"FileNotFoundError", "builtins.FileNotFoundError"})
_FILE = re.compile(
    rf"\.(?:{MODEL_ENDING}|png|jpe?g|webp|gif|bmp|tiff?|mp4|webm|wav|mp3|flac|ya?ml)(?:\s*\[\w+\])?$", re.I
)
_INVALID_FILE = re.compile(r"invalid \w+ file: (.+)", re.I)
_FILE_INPUT = re.compile(rf"^{MODEL_INPUT}$|^(?:image|mask|video|audio|file|filename)$")


@dataclass(frozen=True, slots=True)
class Failure:
    """The end of a job without an image. `gpu_seconds` were spent all the same.

    `others_may_differ`: the server lacks something that another one may have.
    """

    code: FailureCode
    failure_class: FailureClass
    message: str
    gpu_seconds: float = 0.0
    others_may_differ: bool = False


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
    failure = of_node_errors(mapping(answer.get("node_errors")), headline)
    unknown_class = text(error.get("type")) in _UNKNOWN_CLASS and bool(_NOT_THERE.search(headline))
    return replace(failure, others_may_differ=failure.others_may_differ or unknown_class)


def of_node_errors(node_errors: Mapping[str, Json], headline: str = "Part of the workflow is invalid") -> Failure:
    """The server found nodes invalid, with a refusal or beside an acceptance of the rest."""
    found = list(_errors(node_errors))
    missing = [_missing(node, error) for node, _, error in found if _is_missing_asset(error)]
    if missing:
        message = scrubbed("; ".join(dict.fromkeys(missing)))
        return Failure(FailureCode.MISSING_ASSET, FailureClass.MISSING_ASSET, message, others_may_differ=True)
    return _refused("; ".join([headline, *(f"{node}: {words}" for node, words, _ in found)]))


def of_execution(broken: Broken) -> Failure:
    """A node raised while the job ran: the picture's fault unless memory or a file was missing."""
    where = f"node {broken.node_id}, {broken.node_class}" if broken.node_id else "an unnamed node"
    kind = f"{broken.exception_type} in {where}" if broken.exception_type else where
    code, failure_class = _execution_class(broken)
    return Failure(code, failure_class, scrubbed(f"{broken.message} ({kind})"), broken.gpu_seconds)


def of_attempt(failed: AttemptFailed, tried: Sequence[int] = ()) -> Failure:
    """The attempt as the end of its job; `tried`: the memory of the server of each attempt, in bytes."""
    times = f" ({len(tried)} attempts, the largest server had {max(tried) / 1024**3:.1f} GiB)" if tried else ""
    return Failure(failed.code, failed.failure_class, scrubbed(f"{failed.message}{times}"), failed.gpu_seconds)


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
    if _SICK_WORDS.search(f"{broken.exception_type} {broken.message}"):
        return FailureCode.SERVER_ERROR, FailureClass.INFRASTRUCTURE
    return FailureCode.EXECUTION_ERROR, FailureClass.CONTENT


def _refused(message: str) -> Failure:
    return Failure(FailureCode.REFUSED, FailureClass.GRAPH, scrubbed(message))


def _errors(node_errors: Mapping[str, Json]) -> Iterator[tuple[str, str, Mapping[str, Json]]]:
    """Each error with its node as people know it, and the server's words."""
    for node_id, entry in node_errors.items():
        node = mapping(entry)
        for item in sequence(node.get("errors")):
            error = mapping(item)
            words = ": ".join(part for part in (text(error.get("message")), text(error.get("details"))) if part)
            yield f"node {node_id} ({text(node.get('class_type'))})", words, error


def _missing(node: str, error: Mapping[str, Json]) -> str:
    extra = mapping(error.get("extra_info"))
    name, value = text(extra.get("input_name")), text(extra.get("received_value"))
    found = _INVALID_FILE.search(text(error.get("details")))
    return f"{node} lacks {value or (found[1] if found else 'a file')}" + (f" for {name}" if name else "")


def _is_missing_asset(error: Mapping[str, Json]) -> bool:
    extra = mapping(error.get("extra_info"))
    match error.get("type"):
        case "custom_validation_failed":
            return bool(_INVALID_FILE.search(text(error.get("details"))))
        case "value_not_in_list":
            name, value = text(extra.get("input_name")), text(extra.get("received_value"))
            return bool(_FILE_INPUT.search(name) or _FILE.search(value))
        case _:
            return False
