"""Links between the nodes of a workflow: a list of two, node id and output index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from comfy_stub.wire import Json, JsonObject


def as_link(value: Json) -> tuple[str, int] | None:
    if not isinstance(value, list):
        return None
    parts = cast(list[Json], value)
    if len(parts) == 2 and isinstance(parts[0], str) and isinstance(parts[1], (int, float)):
        return parts[0], int(parts[1])
    return None


def links_of(node: JsonObject) -> Iterator[tuple[str, str, int]]:
    """`(input name, node id, output index)` of every linked input, in the order of the inputs."""
    for name, value in node.get("inputs", {}).items():
        link = as_link(value)
        if link is not None:
            yield name, *link
