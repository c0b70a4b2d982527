"""What history and queue of a server say about one prompt id (CMF-2, CMF-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from comfy_gateway.domain.loose_json import Json, mapping, number, sequence, text


@dataclass(frozen=True, slots=True)
class Waiting:
    """In the server's queue."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """Executing, or in history without a verdict yet."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """In neither queue nor history: deleted, lost in a restart, or fallen off the history."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Ended well. `outputs` is node id -> what the node put out."""

    outputs: Mapping[str, Json]
    gpu_seconds: float


@dataclass(frozen=True, slots=True)
class Broken:
    """A node raised an error, the first one counts. `exception_type` is a dotted name, empty if none was given."""

    message: str
    exception_type: str
    node_id: str
    node_class: str
    gpu_seconds: float


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Stopped by somebody: cancelled, not the parent's fault."""

    gpu_seconds: float


Verdict: TypeAlias = Waiting | Rendering | Unknown | Finished | Broken | Interrupted
End: TypeAlias = Finished | Broken | Interrupted

UNKNOWN_ERROR = "Unknown error"


def verdict_of(entry: object) -> Verdict:
    """The verdict of a history entry. Its status decides, never the presence of outputs."""
    status = mapping(mapping(entry).get("status"))
    messages = _messages(status)
    match status.get("status_str"):
        case "success":
            return Finished(mapping(mapping(entry).get("outputs")), _seconds(messages))
        case "error":
            return _failure(messages)
        case _ if status.get("completed") is True:
            return Finished(mapping(mapping(entry).get("outputs")), _seconds(messages))
        case _:
            return Rendering()


@dataclass(frozen=True, slots=True)
class Queue:
    """The prompt ids of a server's queue."""

    running: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()

    def verdict(self, prompt_id: str) -> Waiting | Rendering | Unknown:
        if prompt_id in self.running:
            return Rendering()
        return Waiting() if prompt_id in self.pending else Unknown()


def queue_of(answer: object) -> Queue:
    """The ids in a queue answer; its items are lists whose second entry is the id."""
    return Queue(_ids(mapping(answer).get("queue_running")), _ids(mapping(answer).get("queue_pending")))


def _ids(items: object) -> frozenset[str]:
    return frozenset(text(item[1]) for entry in sequence(items) if len(item := sequence(entry)) > 1)


def _failure(messages: list[tuple[str, Mapping[str, Json]]]) -> Broken | Interrupted:
    seconds = _seconds(messages)
    for name, data in messages:
        if name == "execution_error":
            return Broken(
                message=text(data.get("exception_message")).strip() or UNKNOWN_ERROR,
                exception_type=text(data.get("exception_type")),
                node_id=text(data.get("node_id")),
                node_class=text(data.get("node_type")),
                gpu_seconds=seconds,
            )
    if any(name == "execution_interrupted" for name, _ in messages):
        return Interrupted(seconds)
    return Broken(UNKNOWN_ERROR, "", "", "", seconds)


def _messages(status: Mapping[str, Json]) -> list[tuple[str, Mapping[str, Json]]]:
    pairs = (sequence(message) for message in sequence(status.get("messages")))
    return [(text(pair[0]), mapping(pair[1])) for pair in pairs if len(pair) == 2]


def _seconds(messages: list[tuple[str, Mapping[str, Json]]]) -> float:
    """From the start of the execution to its last message, by the server's own clock."""
    stamps = [stamp for _, data in messages if (stamp := number(data.get("timestamp"))) is not None]
    return max(0.0, (stamps[-1] - stamps[0]) / 1000) if len(stamps) > 1 else 0.0
