"""What a server says it can do, out of its /object_info."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from carnival.contracts.capabilities import Capabilities, Lack
from comfy_gateway.domain.loose_json import Json, mapping, sequence
from comfy_gateway.domain.model_files import MODEL_ENDING, MODEL_INPUT
from comfy_gateway.domain.workflow import Workflow, inputs_of

_MODEL_FILE = re.compile(rf"\.(?:{MODEL_ENDING})$", re.I)
_MODEL_INPUT = re.compile(rf"^{MODEL_INPUT}$")
_CHANGING: Final = ("image_upload", "video_upload", "audio_upload", "file_upload", "upload", "remote")
"""Options of an input whose choices grow with every upload, or are asked for elsewhere: they say nothing for long."""


def capabilities_of(object_info: object, version: str) -> Capabilities:
    """The server's node classes, and the files it offers where an input chooses a model."""
    shelves: dict[tuple[str, ...], int] = {}
    classes: dict[str, dict[str, int]] = {}
    for name, described in mapping(object_info).items():
        classes[name] = {
            input_name: shelves.setdefault(files, len(shelves)) for input_name, files in _model_inputs(described)
        }
    return Capabilities(version=version, classes=classes, shelves=tuple(shelves))


def lacks_of(workflow: Workflow, capabilities: Capabilities) -> tuple[Lack, ...]:
    """What a server with these capabilities lacks for a filled workflow."""
    return tuple(
        lack
        for node_id, node in workflow.items()
        for lack in capabilities.lacks(node_id, str(node["class_type"]), inputs_of(node))
    )


def _model_inputs(described: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    for section in ("required", "optional"):
        for name, spec in mapping(mapping(mapping(described).get("input")).get(section)).items():
            choices = _choices(sequence(spec))
            if choices is not None and (_MODEL_INPUT.match(name) or any(_MODEL_FILE.search(one) for one in choices)):
                yield name, choices


def _choices(parts: Sequence[Json]) -> tuple[str, ...] | None:
    """The texts an input chooses from: a list as its type, or the options of a COMBO; None: it is no choice."""
    options = mapping(parts[1]) if len(parts) > 1 else {}
    if not parts or any(options.get(mark) for mark in _CHANGING):
        return None
    if isinstance(parts[0], list):
        return tuple(choice for choice in sequence(parts[0]) if isinstance(choice, str))
    if parts[0] == "COMBO" and isinstance(options.get("options"), list):
        return tuple(choice for choice in sequence(options["options"]) if isinstance(choice, str))
    return None
