"""Checks and changes on a filled workflow, before any server sees it (PAY-8, PAY-10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from comfy_gateway.domain.errors import BadPath, BadTemplate
from comfy_gateway.domain.loose_json import Json, mapping, sequence, text

PREFIX = "filename_prefix"
SAVING_CLASSES = frozenset({"SaveImage"})
STEM_MAX = 80
TITLE_MAX = 200

_UNSAFE_PATH = re.compile(r"^(?:[/\\~]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|\s*$|\s*\[)|\x00")
_NOT_SLUG = re.compile(r"[^a-z0-9_-]+")
_NOT_STEM = re.compile(r"[^\w %.-]+")

Node = Mapping[str, Json]
Workflow = Mapping[str, Node]


def checked(content: Json) -> Workflow:
    """`content` as a workflow in API format. Raises BadTemplate with what is wrong and where."""
    nodes = mapping(content)
    if isinstance(nodes.get("nodes"), list) and "links" in nodes:
        raise BadTemplate("This is a workflow as the editor saves it: export it in API format instead")
    if not nodes:
        raise BadTemplate("The template holds no nodes: a workflow in API format is an object of nodes")
    for node_id, node in nodes.items():
        if not isinstance(mapping(node).get("class_type"), str):
            raise BadTemplate(f"Node {node_id} has no class_type: export the workflow in API format")
        if not isinstance(mapping(node).get("inputs"), Mapping):
            raise BadTemplate(f"Node {node_id} has no inputs")
    workflow = {node_id: mapping(node) for node_id, node in nodes.items()}
    _refuse_cycle(workflow)
    _refuse_unsafe_paths(workflow)
    return workflow


def inputs_of(node: Node) -> Mapping[str, Json]:
    return mapping(node["inputs"])


def saving_nodes(workflow: Workflow) -> list[str]:
    """The nodes that write files, in numeric order (JOB-4)."""
    saving = [
        node_id
        for node_id, node in workflow.items()
        if PREFIX in inputs_of(node) or node["class_type"] in SAVING_CLASSES
    ]
    return in_numeric_order(saving)


@dataclass(frozen=True, slots=True)
class Label:
    """What a node is, and what its author calls it: the class where there is no title."""

    class_type: str
    title: str


def label_of(workflow: Workflow, node_id: str) -> Label | None:
    """Of a node or, for one that a node made while it ran (`4.0.1`), of its maker; None if the workflow has neither."""
    node = workflow.get(node_id) or workflow.get(node_id.partition(".")[0])
    if node is None:
        return None
    class_type = text(node["class_type"])
    title = text(mapping(node.get("_meta")).get("title")).strip()[:TITLE_MAX]
    return Label(class_type, title or class_type)


def in_numeric_order(node_ids: list[str]) -> list[str]:
    """Numeric ids by their number, then the others as they come."""
    numeric = sorted((node_id for node_id in node_ids if node_id.isdecimal()), key=int)
    return numeric + [node_id for node_id in node_ids if not node_id.isdecimal()]


def result_node(workflow: Workflow, named: str | None) -> str | None:
    """The node whose image is the candidate: the named one, or the only saving one; None: the first that has an image.

    Raises BadTemplate if the named one is missing, or if nothing saves an image.
    """
    if named is not None:
        if named not in workflow:
            raise BadTemplate(f"The result node {named} is not in the template")
        return named
    saving = saving_nodes(workflow)
    if not saving:
        raise BadTemplate("No node of the template saves an image")
    return saving[0] if len(saving) == 1 else None


def with_prefix(workflow: Workflow, folder: str, stem: str) -> Workflow:
    """Every saving node writes below `folder`; the stem of its own prefix stays, else it is `stem` (PAY-10)."""
    saving = frozenset(saving_nodes(workflow))
    return {node_id: _prefixed(node, folder, stem) if node_id in saving else node for node_id, node in workflow.items()}


def job_folder(run_folder: str, number: int, job_id: str) -> str:
    """The folder on the server that belongs to one job alone."""
    return f"{slug(run_folder) or 'run'}/job-{number}-{job_id[:8]}"


def slug(name: str) -> str:
    """Lower-case letters a-z, digits, underscores and hyphens of a name (PAY-6); empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", plain.lower()).strip("-")


def _prefixed(node: Node, folder: str, stem: str) -> Node:
    own = inputs_of(node).get(PREFIX)
    kept = _NOT_STEM.sub("-", PurePosixPath(own.replace("\\", "/")).name) if isinstance(own, str) else ""
    name = kept[:STEM_MAX].strip(" .") or stem
    return {**node, "inputs": {**inputs_of(node), PREFIX: f"{folder}/{name}"}}


def _refuse_unsafe_paths(workflow: Workflow) -> None:
    for node_id, node in workflow.items():
        if "load" not in str(node["class_type"]).lower():
            continue
        for name, value in inputs_of(node).items():
            if isinstance(value, str) and _UNSAFE_PATH.search(value):
                raise BadPath(node_id, name)


def _refuse_cycle(workflow: Workflow) -> None:
    """The server answers a cycle with an error that names nothing, so it is found here."""
    done: set[str] = set()
    for start in workflow:
        path = {} if start in done else {start: _sources(workflow, start)}
        while path:
            current = next(reversed(path))
            source = next(path[current], None)
            if source is None:
                done.add(current)
                del path[current]
            elif source in path:
                trail = list(path)
                circle = [source, *reversed(trail[trail.index(source) :])]
                raise BadTemplate(f"The template runs in a circle: {' -> '.join(circle)}")
            elif source not in done:
                path[source] = _sources(workflow, source)


def _sources(workflow: Workflow, node_id: str) -> Iterator[str]:
    for value in inputs_of(workflow[node_id]).values():
        link = sequence(value)
        if len(link) == 2 and isinstance(link[0], str | int) and str(link[0]) in workflow:
            yield str(link[0])
