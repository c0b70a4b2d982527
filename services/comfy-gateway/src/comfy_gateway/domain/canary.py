"""A tiny workflow without a model, to find out whether a server renders at all."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Final

from comfy_gateway.domain.loose_json import Json
from comfy_gateway.domain.workflow import Workflow

SIZE: Final = 32
COLOURS: Final = 0x1000000
PREFIX: Final = "carnival/canary"


def canary_workflow(classes: Container[str], number: int) -> Workflow | None:
    """Of the node classes a server has; None if they do not make a picture.

    `number` gives the colour, as a server repeats what it drew last without drawing it. A blur is computed on the GPU:
    one that has fallen into an error shows it there. A preview is preferred, as it leaves no file behind.
    """
    if "EmptyImage" not in classes:
        return None
    saving = next((name for name in ("PreviewImage", "SaveImage") if name in classes), None)
    if saving is None:
        return None
    empty: dict[str, Json] = {"width": SIZE, "height": SIZE, "batch_size": 1, "color": number % COLOURS}
    workflow: dict[str, dict[str, Json]] = {"1": {"class_type": "EmptyImage", "inputs": empty}}
    if "ImageBlur" in classes:
        workflow["2"] = {"class_type": "ImageBlur", "inputs": {"image": ["1", 0], "blur_radius": 1, "sigma": 1.0}}
    shown: dict[str, Json] = {"images": [str(len(workflow)), 0]}
    if saving == "SaveImage":
        shown["filename_prefix"] = PREFIX
    return {**workflow, "3": {"class_type": saving, "inputs": shown}}


def canary_body(workflow: Workflow, *, prompt_id: str, client_id: str) -> bytes:
    """The submission. It goes in front of what others have waiting there, as it takes no time."""
    body = {"prompt": workflow, "prompt_id": prompt_id, "client_id": client_id, "front": True}
    return json.dumps(body, allow_nan=False).encode()
