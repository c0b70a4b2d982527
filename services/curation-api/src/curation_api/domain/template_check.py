"""Whether a template can become a ComfyUI workflow in API format, found when it is saved (MOD-2, PAY-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curation_api.domain.refusals import BadTemplate
from curation_api.domain.template_text import Json, Unparsable, is_open, parse_template

HOW_TO_EXPORT = (
    "This is the workflow as the ComfyUI editor saves it. Export it in API format instead: "
    "Workflow > Export (API); in older versions switch on 'Enable Dev mode options' and choose 'Save (API Format)'."
)
SAVING_PREFIXES = ("Save", "Preview")
NAMED_NODES_MAX = 20

Nodes = Mapping[str, Mapping[str, Json]]


def check_template(step: str, template: str, result_node: str | None) -> None:
    """Returns if the template is plausible. Raises BadTemplate naming `step` and the place."""
    try:
        value = parse_template(template)
    except Unparsable as error:
        where = f" at line {error.line}, column {error.column}" if error.line else ""
        raise BadTemplate(
            f"The template of step {step!r} is no JSON{where}: {error.problem}",
            step=step,
            line=error.line,
            column=error.column,
        ) from error
    problem = _format_problem(value) or _first_problem(value, result_node)
    if problem:
        raise BadTemplate(f"The template of step {step!r} is no workflow. {problem}", step=step)


def _format_problem(value: Json) -> str | None:
    if not isinstance(value, dict):
        return "It must be an object of nodes by their ids."
    if isinstance(value.get("nodes"), list):
        return HOW_TO_EXPORT
    if isinstance(value.get("prompt"), dict):
        return "This is a whole request; give the value of its 'prompt' alone."
    return None if value else "It holds no node."


def _first_problem(value: Json, result_node: str | None) -> str | None:
    if not isinstance(value, dict):
        return None
    nodes: dict[str, Mapping[str, Json]] = {}
    for name, node in value.items():
        if isinstance(node, str) and is_open(node):
            continue
        if not isinstance(node, dict):
            return f"Node {name!r} is no object."
        if not isinstance(node.get("class_type"), str) or not node["class_type"]:
            return f"Node {name!r} has no class_type."
        if not isinstance(node.get("inputs"), dict) and not is_open(node.get("inputs")):
            return f"Node {name!r} has no inputs."
        nodes[name] = node
    return _link_problem(nodes, open_names=len(nodes) < len(value) or any(is_open(name) for name in nodes)) or (
        _result_problem(nodes, result_node)
    )


def _link_problem(nodes: Nodes, *, open_names: bool) -> str | None:
    for name, node in nodes.items():
        for target in _links(node):
            if target not in nodes and not open_names and not is_open(target):
                return f"Node {name!r} is linked to node {target!r}, which does not exist."
    circle = _circle(nodes)
    return f"Its nodes form a circle: {' -> '.join(circle[:NAMED_NODES_MAX])}." if circle else None


def _links(node: Mapping[str, Json]) -> Iterator[str]:
    inputs = node.get("inputs")
    for value in inputs.values() if isinstance(inputs, dict) else ():
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and _is_index(value[1]):
            yield value[0]


def _is_index(value: Json) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or is_open(value)


def _circle(nodes: Nodes) -> list[str]:
    """The first circle of links, its first node repeated at the end; empty if there is none."""
    done: set[str] = set()
    for start in nodes:
        path: dict[str, Iterator[str]] = {}
        ahead: str | None = start if start not in done else None
        while ahead is not None:
            path[ahead] = _links(nodes[ahead])
            ahead = None
            while path and ahead is None:
                last = next(reversed(path))
                target = next((name for name in path[last] if name in nodes and name not in done), None)
                if target is None:
                    done.add(last)
                    del path[last]
                elif target in path:
                    names = list(path)
                    return [*names[names.index(target) :], target]
                else:
                    ahead = target
    return []


def _result_problem(nodes: Nodes, result_node: str | None) -> str | None:
    if result_node is not None:
        return None if result_node in nodes else f"Its result node {result_node!r} does not exist."
    if any(_saves(node) for node in nodes.values()):
        return None
    return "It has no output node: nothing saves an image. Add one (such as SaveImage) or name the result node."


def _saves(node: Mapping[str, Json]) -> bool:
    inputs = node.get("inputs")
    named = isinstance(inputs, dict) and "filename_prefix" in inputs
    return named or str(node["class_type"]).startswith(SAVING_PREFIXES) or is_open(node["class_type"])
