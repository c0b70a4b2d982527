"""Checks of one input that is given as a value: conversion, range, choice, and the node's own check."""

from __future__ import annotations

from collections.abc import Callable

from comfy_stub.nodes.definition import Input, NodeClass, Surroundings
from comfy_stub.wire import Json, JsonObject

CONVERSIONS: dict[str, Callable[[Json], Json]] = {"INT": int, "FLOAT": float, "STRING": str, "BOOLEAN": bool}
CHOICES_SHOWN_MAX = 20


def problem(
    kind: str, message: str, details: str, input_name: str, config: list[Json] | None = None, **extra: Json
) -> JsonObject:
    """One entry of `errors`; `config` None leaves `input_config` out."""
    info: JsonObject = {"input_name": input_name}
    if config is not None:
        info["input_config"] = config
    return {"type": kind, "message": message, "details": details, "extra_info": {**info, **extra}}


def checked_value(
    node_class: NodeClass, entry: Input, inputs: JsonObject, surroundings: Surroundings, problems: list[JsonObject]
) -> None:
    """Convert a value in place and append what is wrong with it to `problems`."""
    config = entry.config(surroundings)
    value = inputs[entry.name]
    if isinstance(entry.type, str) and entry.type in CONVERSIONS:
        try:
            value = CONVERSIONS[entry.type](value)
        except (TypeError, ValueError, OverflowError) as error:
            message = f"Failed to convert an input value to a {entry.type} value"
            details = f"{entry.name}, {value}, {error}"
            extra: JsonObject = {"received_value": value, "exception_message": str(error)}
            problems.append(problem("invalid_input_type", message, details, entry.name, config, **extra))
            return
        inputs[entry.name] = value
    if node_class.check is not None and node_class.check[0] == entry.name:
        refusal = node_class.check[1](surroundings, value)
        if refusal is not None:
            details = f"{entry.name} - {refusal}"
            message = "Custom validation failed for node"
            problems.append(problem("custom_validation_failed", message, details, entry.name))
        return
    _check_range(entry, value, config, problems)
    _check_choice(entry, value, config, problems)


def _check_range(entry: Input, value: Json, config: list[Json], problems: list[JsonObject]) -> None:
    for bound, kind, word in (("min", "value_smaller_than_min", "smaller"), ("max", "value_bigger_than_max", "bigger")):
        limit = entry.options.get(bound)
        if limit is None or not (value < limit if bound == "min" else value > limit):
            continue
        message = f"Value {value} {word} than {bound} of {limit}"
        problems.append(problem(kind, message, entry.name, entry.name, config, received_value=value))
        return


def _check_choice(entry: Input, value: Json, config: list[Json], problems: list[JsonObject]) -> None:
    if isinstance(entry.type, str):
        return
    choices: list[str] = config[0]
    if value in choices:
        return
    long = len(choices) > CHOICES_SHOWN_MAX
    shown = f"(list of length {len(choices)})" if long else str(choices)
    found = problem("value_not_in_list", "Value not in list", f"{entry.name}: '{value}' not in {shown}", entry.name)
    found["extra_info"] |= {"input_config": None if long else config, "received_value": value}
    problems.append(found)
