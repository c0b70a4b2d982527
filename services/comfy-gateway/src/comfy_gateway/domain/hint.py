"""WebSocket frames as hints: they say where to look and are never believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from comfy_gateway.domain.loose_json import mapping, number, sequence, text


@dataclass(frozen=True, slots=True)
class Connected:
    """A socket is open. Nothing is replayed, so whatever is open must be looked up."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The socket is gone."""


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
class Advanced:
    """So many nodes are done, running ones by their fraction."""

    prompt_id: str
    nodes: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The server is through with the job, well or not. Its history entry may appear a moment later."""

    prompt_id: str


Hint: TypeAlias = Connected | Disconnected | QueueChanged | Began | Cached | Advanced | Ended

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
            return Advanced(prompt_id, sum(_fraction(node) for node in mapping(data.get("nodes")).values()))
        case _:
            return None


def _fraction(node: object) -> float:
    value, top = number(mapping(node).get("value")), number(mapping(node).get("max"))
    if mapping(node).get("state") == "finished":
        return 1.0
    return min(1.0, max(0.0, value / top)) if value is not None and top else 0.0
