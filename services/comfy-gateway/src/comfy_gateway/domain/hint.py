"""WebSocket frames as hints: they say where to look and are never believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from comfy_gateway.domain.loose_json import Json, mapping, number, sequence, text


@dataclass(frozen=True, slots=True)
class Connected:
    """A socket is open. Nothing is replayed, so whatever is open must be looked up."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The socket is gone."""


@dataclass(frozen=True, slots=True)
class WentDeaf:
    """The socket is open and says nothing, though it should: it is closed and another one opened."""


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """A sign of life that everybody gets after each submission and each end."""

    remaining: int


@dataclass(frozen=True, slots=True)
class Began:
    prompt_id: str


@dataclass(frozen=True, slots=True)
class Cached:
    """So many nodes of the job need not run."""

    prompt_id: str
    nodes: int


@dataclass(frozen=True, slots=True)
class Running:
    """The node of the workflow that runs, and how far it says it is; `maximum` 1 where it takes no steps."""

    node_id: str
    value: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Advanced:
    """So many nodes are done, running ones by their fraction. `running` is the one that began last."""

    prompt_id: str
    nodes: float
    running: Running | None = None


@dataclass(frozen=True, slots=True)
class Previewed:
    """What the picture looks like so far: a JPEG or PNG file."""

    prompt_id: str
    image: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The server is through with the job, well or not. Its history entry may appear a moment later."""

    prompt_id: str


Hint: TypeAlias = Connected | Disconnected | WentDeaf | QueueChanged | Began | Cached | Advanced | Previewed | Ended

_ENDS = frozenset({"execution_success", "execution_error", "execution_interrupted"})


def hint_of(frame: object) -> Hint | None:
    """The hint in a text frame, None if it holds none. Frames of jobs without a prompt id cannot be attributed."""
    kind, data = mapping(frame).get("type"), mapping(mapping(frame).get("data"))
    if kind == "status":
        remaining = number(mapping(mapping(data.get("status")).get("exec_info")).get("queue_remaining"))
        return QueueChanged(int(remaining or 0))
    prompt_id = text(data.get("prompt_id"))
    if not prompt_id:
        return None
    if kind in _ENDS or (kind == "executing" and data.get("node") is None):
        return Ended(prompt_id)
    match kind:
        case "execution_start":
            return Began(prompt_id)
        case "execution_cached":
            return Cached(prompt_id, len(sequence(data.get("nodes"))))
        case "progress_state":
            nodes = mapping(data.get("nodes"))
            return Advanced(prompt_id, sum(_fraction(node) for node in nodes.values()), _running(nodes))
        case _:
            return None


def _running(nodes: Mapping[str, Json]) -> Running | None:
    """Nodes come in the order in which they began. One that stands for a group is shown as the group."""
    for node_id, node in reversed(list(nodes.items())):
        value, top = number(mapping(node).get("value")), number(mapping(node).get("max"))
        if mapping(node).get("state") == "running" and value is not None and top is not None:
            return Running(text(mapping(node).get("display_node_id")) or node_id, max(0.0, value), max(0.0, top))
    return None


def _fraction(node: object) -> float:
    value, top = number(mapping(node).get("value")), number(mapping(node).get("max"))
    if mapping(node).get("state") == "finished":
        return 1.0
    return min(1.0, max(0.0, value / top)) if value is not None and top else 0.0
