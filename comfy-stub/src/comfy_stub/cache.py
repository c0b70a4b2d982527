"""Results of the previous prompt, found again by what a node computes and not by its id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from comfy_stub.links import as_link
from comfy_stub.nodes.definition import NodeClass, Surroundings
from comfy_stub.wire import Json, JsonObject


@dataclass(frozen=True, slots=True)
class CachedResult:
    """`meta` names the node that computed it, which may have another id than the node that finds it."""

    values: tuple[list[Json], ...]
    ui: JsonObject | None
    meta: JsonObject


class ResultCache:
    """Used by the worker alone."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._results: dict[str, CachedResult] = {}

    def keep_only(self, signatures: Mapping[str, str]) -> None:
        """Drop what the coming prompt does not contain."""
        wanted = set(signatures.values())
        self._results = {key: result for key, result in self._results.items() if key in wanted}

    def get(self, signature: str) -> CachedResult | None:
        return self._results.get(signature)

    def put(self, signature: str, result: CachedResult) -> None:
        if self._enabled:
            self._results[signature] = result

    def clear(self) -> None:
        self._results.clear()


class _Unfinished(Exception):
    """A cycle or a link into nothing: such a node equals no other."""


def signatures(prompt: JsonObject, classes: Mapping[str, NodeClass], surroundings: Surroundings) -> dict[str, str]:
    """For each node a digest of its class, its inputs and everything upstream."""
    known: dict[str, str] = {}
    for node_id in prompt:
        try:
            _sign(node_id, prompt, classes, surroundings, known, set())
        except _Unfinished:
            known[node_id] = f"unfinished {node_id} {id(prompt)}"
    return known


def _sign(
    node_id: str,
    prompt: JsonObject,
    classes: Mapping[str, NodeClass],
    surroundings: Surroundings,
    known: dict[str, str],
    above: set[str],
) -> str:
    if node_id in known:
        return known[node_id]
    node: JsonObject | None = prompt.get(node_id)
    if node is None or node_id in above:
        raise _Unfinished
    inputs: JsonObject = node.get("inputs", {})
    parts: list[Json] = [node["class_type"]]
    fingerprint = classes[node["class_type"]].fingerprint
    if fingerprint is not None:
        parts.append(fingerprint(surroundings, inputs))
    for name in sorted(inputs):
        link = as_link(inputs[name])
        if link is None:
            parts.append([name, inputs[name]])
        else:
            upstream = _sign(link[0], prompt, classes, surroundings, known, above | {node_id})
            parts.append([name, "link", upstream, link[1]])
    known[node_id] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return known[node_id]
