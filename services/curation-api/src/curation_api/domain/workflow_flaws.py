"""What keeps a workflow in API format from running, whatever server it goes to (MOD-2, PAY-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from curation_api.domain.template_text import Json, is_open

SAVING_PREFIXES: Final = ("Save", "Preview")
NAMED_NODES_MAX: Final = 20

Node = Mapping[str, Json]
Nodes = Mapping[str, Node]


class FlawKind(StrEnum):
    NODE_MALFORMED = "node_malformed"
    LINK_DANGLING = "link_dangling"
    CIRCLE = "circle"
    OUTPUT_MISSING = "output_missing"
    RESULT_NODE_UNKNOWN = "result_node_unknown"


@dataclass(frozen=True, slots=True)
class Flaw:
    """`nodes`: the ids it is about."""

    kind: FlawKind
    message: str
    nodes: tuple[str, ...] = ()


def flaws_of(workflow: Mapping[str, Json], result_node: str | None = None) -> Iterator[Flaw]:
    """All flaws, the gravest kind first. What a placeholder decides is taken to be right."""
    yield from _malformed(workflow)
    nodes = nodes_of(workflow)
    yield from _dangling(workflow, nodes)
    for circle in _circles(nodes):
        named = tuple(circle[:NAMED_NODES_MAX])
        yield Flaw(FlawKind.CIRCLE, f"Its nodes form a circle: {' -> '.join(named)}.", named)
    yield from _without_result(nodes, result_node)


def nodes_of(workflow: Mapping[str, Json]) -> Nodes:
    """The nodes that have a class and, as far as no placeholder decides, inputs."""
    return {
        name: node for name, node in workflow.items() if isinstance(node, dict) and _malformation(name, node) is None
    }


def output_nodes(nodes: Nodes) -> tuple[str, ...]:
    """The ids of those that save an image."""
    return tuple(name for name, node in nodes.items() if _saves(node))


def link_of(value: Json) -> str | None:
    """The node an input's value is linked to; None for a value of its own."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and _is_index(value[1]):
        return value[0]
    return None


def inputs_of(node: Node) -> Mapping[str, Json]:
    inputs = node.get("inputs")
    return inputs if isinstance(inputs, dict) else {}


def _malformed(workflow: Mapping[str, Json]) -> Iterator[Flaw]:
    for name, node in workflow.items():
        if (problem := _malformation(name, node)) is not None:
            yield Flaw(FlawKind.NODE_MALFORMED, problem, (name,))


def _malformation(name: str, node: Json) -> str | None:
    if isinstance(node, str) and is_open(node):
        return None
    if not isinstance(node, dict):
        return f"Node {name!r} is no object."
    if not isinstance(node.get("class_type"), str) or not node["class_type"]:
        return f"Node {name!r} has no class_type."
    if not isinstance(node.get("inputs"), dict) and not is_open(node.get("inputs")):
        return f"Node {name!r} has no inputs."
    return None


def _dangling(workflow: Mapping[str, Json], nodes: Nodes) -> Iterator[Flaw]:
    if any(is_open(name) or is_open(node) for name, node in workflow.items()):
        return
    for name, node in nodes.items():
        for target in _links(node):
            if target not in workflow and not is_open(target):
                message = f"Node {name!r} is linked to node {target!r}, which does not exist."
                yield Flaw(FlawKind.LINK_DANGLING, message, (name, target))


def _links(node: Node) -> Iterator[str]:
    for value in inputs_of(node).values():
        if (target := link_of(value)) is not None:
            yield target


def _is_index(value: Json) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or is_open(value)


def _circles(nodes: Nodes) -> Iterator[list[str]]:
    """Circles of links, the first node repeated at the end of each; one at least wherever there are any."""
    done: set[str] = set()
    for start in nodes:
        if start in done:
            continue
        path = {start: _links(nodes[start])}
        while path:
            last = next(reversed(path))
            target = next((name for name in path[last] if name in nodes and name not in done), None)
            if target is None:
                done.add(last)
                del path[last]
            elif target in path:
                names = list(path)
                yield [*names[names.index(target) :], target]
            else:
                path[target] = _links(nodes[target])


def _without_result(nodes: Nodes, result_node: str | None) -> Iterator[Flaw]:
    if result_node is not None:
        if result_node not in nodes:
            message = f"Its result node {result_node!r} does not exist."
            yield Flaw(FlawKind.RESULT_NODE_UNKNOWN, message, (result_node,))
    elif not output_nodes(nodes):
        message = "It has no output node: nothing saves an image. Add one (such as SaveImage) or name the result node."
        yield Flaw(FlawKind.OUTPUT_MISSING, message)


def _saves(node: Node) -> bool:
    return (
        "filename_prefix" in inputs_of(node)
        or str(node["class_type"]).startswith(SAVING_PREFIXES)
        or is_open(node["class_type"])
    )
