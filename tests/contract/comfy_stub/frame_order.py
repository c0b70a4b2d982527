"""The frames of a socket as a story: who got which types in which order, job by job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any
Beat: TypeAlias = tuple[str, ...]


def beat(message: Json) -> Beat:
    """A frame without what differs between two runs."""
    if message["frame"] == "binary":
        return ("binary", str(message["event_type"]))
    kind, data = message["json"]["type"], message["json"]["data"]
    match kind:
        case "status":
            remaining = data["status"]["exec_info"]["queue_remaining"]
            return ("status", str(remaining), *(["sid"] if "sid" in data else []))
        case "progress_state":
            states = sorted(
                f"{node}={state['state']} {state['value']:g}/{state['max']:g}" for node, state in data["nodes"].items()
            )
            return ("progress_state", *states)
        case "executing" | "executed":
            return (kind, str(data["node"]), *sorted(data))
        case "execution_cached":
            return (kind, *sorted(data["nodes"]))
        case "execution_error" | "execution_interrupted":
            return (kind, data["node_id"], data["node_type"], *sorted(data["executed"]))
        case "progress":
            return (kind, data["node"], f"{data['value']}/{data['max']}")
        case _:
            return (kind, *sorted(data))


def by_job(messages: Iterable[Json], ids: Mapping[str, str]) -> dict[str, list[Beat]]:
    """The beats of each prompt id, translated by `ids`; frames without an id belong to the job spoken of last."""
    jobs: dict[str, list[Beat]] = {}
    last = ""
    for message in messages:
        data = message.get("json", {}).get("data", {})
        if message["frame"] == "text" and message["json"]["type"] in {"status", "feature_flags"}:
            continue
        last = ids.get(data.get("prompt_id", last), data.get("prompt_id", last))
        jobs.setdefault(last, []).append(beat(message))
    return jobs


def statuses(messages: Iterable[Json]) -> list[Beat]:
    return [beat(message) for message in messages if message["frame"] == "text" and message["json"]["type"] == "status"]
