"""Which part of a posted workflow may run, and what is wrong with the rest."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from comfy_stub.behaviour import Behaviour
from comfy_stub.input_checks import checked_value, problem
from comfy_stub.nodes.definition import Input, NodeClass, Surroundings
from comfy_stub.wire import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Verdict:
    """`error` is None when at least one output node may run."""

    error: JsonObject | None
    outputs: list[str] = field(default_factory=list[str])
    node_errors: JsonObject = field(default_factory=dict[str, Json])


@dataclass(slots=True)
class _Check:
    """The state of one validation: nodes are checked once, and remembered by id."""

    prompt: JsonObject
    classes: Mapping[str, NodeClass]
    surroundings: Surroundings
    behaviour: Behaviour
    verdicts: dict[str, tuple[bool, list[JsonObject]]] = field(default_factory=dict[str, tuple[bool, list[JsonObject]]])
    above: list[str] = field(default_factory=list[str])

    def node(self, node_id: str) -> bool:
        """Check a node and everything upstream. Raises KeyError, IndexError or TypeError on links into nothing."""
        if node_id in self.verdicts:
            return self.verdicts[node_id][0]
        if node_id in self.above:
            return False
        self.above.append(node_id)
        try:
            return self._fresh_node(node_id)
        finally:
            self.above.pop()

    def _fresh_node(self, node_id: str) -> bool:
        node: JsonObject = self.prompt[node_id]
        inputs: JsonObject = node["inputs"]
        node_class = self.classes[node["class_type"]]
        problems: list[JsonObject] = []
        valid = True
        for entry in node_class.inputs:
            if entry.name not in inputs:
                if entry.required:
                    problems.append(
                        problem("required_input_missing", "Required input is missing", entry.name, entry.name)
                    )
                continue
            if isinstance(inputs[entry.name], list):
                valid = self._link(entry, inputs[entry.name], problems) and valid
            else:
                checked_value(node_class, entry, inputs, self.surroundings, problems)
        problems.extend(self._rejections(node_class))
        self.verdicts[node_id] = (valid and not problems, problems)
        return valid and not problems

    def _link(self, entry: Input, value: list[Json], problems: list[JsonObject]) -> bool:
        config = entry.config(self.surroundings)
        if len(value) != 2:
            message = "Bad linked input, must be a length-2 list of [node_id, slot_index]"
            problems.append(problem("bad_linked_input", message, entry.name, entry.name, config, received_value=value))
            return False
        upstream, place = value
        given = self.classes[self.prompt[upstream]["class_type"]].outputs[place]
        if "*" not in (given, entry.type) and given != entry.type:
            details = f"{entry.name}, received_type({given}) mismatch input_type({config[0]})"
            message = "Return type mismatch between linked nodes"
            extra: JsonObject = {"received_type": given, "linked_node": value}
            problems.append(problem("return_type_mismatch", message, details, entry.name, config, **extra))
            return False
        try:
            return self.node(upstream)
        except (LookupError, TypeError) as error:
            found = problem(
                "exception_during_inner_validation",
                "Exception when validating inner node",
                str(error),
                entry.name,
                config,
                **_exception(error),
                linked_node=value,
            )
            self.verdicts[upstream] = (False, [found])
            return False

    def _rejections(self, node_class: NodeClass) -> list[JsonObject]:
        return [
            {"type": r.type, "message": r.message, "details": r.details, "extra_info": {}}
            for r in self.behaviour.node_errors
            if r.class_type == node_class.name
        ]


def validate(
    prompt: Json,
    targets: Sequence[str] | None,
    classes: Mapping[str, NodeClass],
    surroundings: Surroundings,
    behaviour: Behaviour,
) -> Verdict:
    """Check a workflow; values given as strings are converted in place.

    Raises TypeError or LookupError for things that are no workflow at all: those answer 500.
    """
    nodes: JsonObject = prompt if isinstance(prompt, dict) else _no_nodes(prompt)
    refusal = _unknown_class(nodes, classes, behaviour)
    if refusal is not None:
        return Verdict(refusal)
    outputs = [
        node_id
        for node_id, node in nodes.items()
        if classes[node["class_type"]].output_node and (targets is None or node_id in targets)
    ]
    if not outputs:
        return Verdict(_error("prompt_no_outputs", "Prompt has no outputs"))
    return _checked_outputs(_Check(nodes, classes, surroundings, behaviour), outputs)


def _checked_outputs(check: _Check, outputs: list[str]) -> Verdict:
    good: list[str] = []
    own_problems: list[JsonObject] = []
    node_errors: JsonObject = {}
    for output in outputs:
        try:
            valid = check.node(output)
        except (LookupError, TypeError) as error:
            details = {"type": "exception_during_validation", "message": "Exception when validating node"}
            check.verdicts[output] = (
                False,
                [{**details, "details": str(error), "extra_info": _exception(error, with_message=False)}],
            )
            valid = False
        if valid:
            good.append(output)
            continue
        own_problems.extend(check.verdicts.get(output, (False, []))[1])
        for node_id, (_, problems) in check.verdicts.items():
            if not problems:
                continue
            listed: JsonObject = node_errors.setdefault(
                node_id,
                {
                    "errors": problems,
                    "dependent_outputs": [],
                    "class_type": check.prompt[node_id]["class_type"],
                },
            )
            listed["dependent_outputs"].append(output)
    if good:
        return Verdict(None, good, node_errors)
    details = "\n".join(f"{found['message']}: {found['details']}" for found in own_problems)
    return Verdict(
        _error("prompt_outputs_failed_validation", "Prompt outputs failed validation", details), [], node_errors
    )


def _no_nodes(prompt: Json) -> JsonObject:
    if prompt is None or len(cast(Sequence[Json], prompt)) > 0:
        raise TypeError("a prompt is an object of nodes")
    return {}


def _unknown_class(nodes: JsonObject, classes: Mapping[str, NodeClass], behaviour: Behaviour) -> JsonObject | None:
    for node_id, node in nodes.items():
        if "class_type" not in node:
            message = "Cannot execute because a node is missing the class_type property."
        elif node["class_type"] not in classes or node["class_type"] in behaviour.missing_classes:
            message = f"Cannot execute because node {node['class_type']} does not exist."
        else:
            continue
        return _error("invalid_prompt", message, f"Node ID '#{node_id}'")
    return None


def _error(kind: str, message: str, details: str = "") -> JsonObject:
    return {"type": kind, "message": message, "details": details, "extra_info": {}}


def _exception(error: Exception, *, with_message: bool = True) -> JsonObject:
    shown: JsonObject = {"exception_message": str(error)} if with_message else {}
    shown["exception_type"] = type(error).__name__
    shown["traceback"] = traceback.format_tb(error.__traceback__)
    return shown
