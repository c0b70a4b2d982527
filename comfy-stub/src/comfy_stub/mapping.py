"""Running a node over lists: every value between nodes is a list, and a node runs once for each element."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from comfy_stub.links import as_link
from comfy_stub.nodes.definition import NodeClass, NodeContext, NodeResult
from comfy_stub.wire import Json, JsonObject

Values = dict[str, list[Json]]


def gathered(node: JsonObject, node_class: NodeClass, results: Mapping[str, tuple[list[Json], ...]]) -> Values:
    """The inputs a node class knows, each as a list."""
    inputs: JsonObject = node["inputs"]
    values: Values = {}
    for entry in node_class.inputs:
        if entry.name not in inputs:
            continue
        link = as_link(inputs[entry.name])
        values[entry.name] = [inputs[entry.name]] if link is None else results[link[0]][link[1]]
    return values


def run_over(
    node_class: NodeClass, context: NodeContext, values: Values
) -> tuple[tuple[list[Json], ...], JsonObject | None]:
    """Run a node and join its outputs; the last element of a shorter list stands in for the missing ones."""
    if node_class.input_is_list:
        return _joined(node_class, [node_class.run(context, values)])
    times = max((len(entries) for entries in values.values()), default=1)
    results = [
        node_class.run(context, {name: entries[min(at, len(entries) - 1)] for name, entries in values.items()})
        for at in range(times)
    ]
    return _joined(node_class, results)


def shown(values: Values) -> JsonObject:
    """The inputs as `current_inputs` of an error shows them."""
    return {
        name: [entry if isinstance(entry, (int, float, str, type(None))) else str(entry) for entry in entries]
        for name, entries in values.items()
    }


def _joined(node_class: NodeClass, results: list[NodeResult]) -> tuple[tuple[list[Json], ...], JsonObject | None]:
    outputs: list[list[Json]] = []
    for place in range(len(node_class.outputs)):
        if node_class.output_is_list and node_class.output_is_list[place]:
            outputs.append([value for result in results for value in cast(list[Json], result.values[place])])
        else:
            outputs.append([result.values[place] for result in results])
    with_ui = [result.ui for result in results if result.ui is not None]
    if not with_ui:
        return tuple(outputs), None
    return tuple(outputs), {key: [entry for ui in with_ui for entry in ui[key]] for key in with_ui[0]}
