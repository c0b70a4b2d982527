"""Where the picture of a forgotten job lies: a server that restarted has lost its history, not its files."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from carnival.contracts.job import NodeImage
from comfy_gateway.domain.payload import Payload
from comfy_gateway.domain.workflow import PREFIX, SAVING_CLASSES, Workflow, inputs_of, saving_nodes

RENDERINGS_MAX: Final = 3
"""Each rendering that broke off may have left a file: the next one got the next number."""


def places_of_picture(payload: Payload) -> tuple[NodeImage, ...]:
    """The names under which the server saved the job's picture, if it did; empty if they cannot be told.

    The folder belongs to the job alone (PAY-10), so whatever lies there is its own. Only for nodes whose naming is
    known: stem, underscore, five digits, underscore, `.png`.
    """
    node_id = payload.result_node or saving_nodes(payload.workflow)[0]
    prefix = _prefix(payload.workflow, node_id)
    shared = any(
        _prefix(payload.workflow, other) == prefix for other in saving_nodes(payload.workflow) if other != node_id
    )
    if payload.workflow[node_id]["class_type"] not in SAVING_CLASSES or "%" in prefix or shared:
        return ()
    path = PurePosixPath(prefix)
    return tuple(
        NodeImage(filename=f"{path.name}_{number:05}_.png", subfolder=str(path.parent))
        for number in range(1, RENDERINGS_MAX + 1)
    )


def _prefix(workflow: Workflow, node_id: str) -> str:
    return str(inputs_of(workflow[node_id]).get(PREFIX, ""))
