"""Typed variables of a pipeline, and the values that runs bring for them (MOD-3)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import JsonValue
from typing_extensions import TypeIs

from carnival.contracts.pipeline import VariableDefinition, VariableType
from curation_api.domain.pipeline_refusals import BadDeclaration
from curation_api.domain.placeholders import PARENT_NAMES, SYSTEM_NAMES

SHOWN_MAX: Final = 40
_NUMBERS: Final = frozenset({VariableType.INTEGER, VariableType.NUMBER})
_BOUNDED: Final = _NUMBERS | {VariableType.TEXT}


def check_declarations(variables: Sequence[VariableDefinition]) -> None:
    """Returns if each can be filled. Raises BadDeclaration, naming the variable."""
    seen: set[str] = set()
    for variable in variables:
        problem = "is declared twice" if variable.name in seen else _declaration_problem(variable)
        if problem:
            raise BadDeclaration(f"The variable {variable.name} {problem}", variable=variable.name)
        seen.add(variable.name)


def completed(variables: Sequence[VariableDefinition], given: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What a run brings, with the defaults of what it leaves out or gives as null."""
    defaults: dict[str, JsonValue] = {
        one.name: one.default for one in variables if one.default is not None and given.get(one.name) is None
    }
    whole = {one.name for one in variables if one.type is VariableType.INTEGER}
    return {
        name: int(value) if name in whole and isinstance(value, float) and value.is_integer() else value
        for name, value in {**given, **defaults}.items()
    }


def value_problem(variable: VariableDefinition, value: JsonValue) -> str | None:
    """Why `value` cannot stand for the variable, as the end of a sentence; None if it can."""
    fits = {
        VariableType.TEXT: isinstance(value, str) and _within(variable, len(value)),
        VariableType.INTEGER: _is_number(value) and float(value).is_integer() and _within(variable, value),
        VariableType.NUMBER: _is_number(value) and _within(variable, value),
        VariableType.BOOLEAN: isinstance(value, bool),
        VariableType.CHOICE: any(type(value) is type(one) and value == one for one in variable.choices),
    }
    return None if fits[variable.type] else f"must be {_wanted(variable)}, not {shown(value)}"


def shown(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 3]}..."


def _declaration_problem(variable: VariableDefinition) -> str | None:
    bounds = [bound for bound in (variable.minimum, variable.maximum) if bound is not None]
    if variable.name in SYSTEM_NAMES | PARENT_NAMES:
        return "bears a name that the system fills"
    if bounds and variable.type not in _BOUNDED:
        return f"is of type {variable.type.value}, which has no bounds"
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        return "has a minimum above its maximum"
    if (variable.type is VariableType.CHOICE) != bool(variable.choices):
        return "needs choices" if variable.type is VariableType.CHOICE else "has choices, but is no choice"
    problem = None if variable.default is None else value_problem(variable, variable.default)
    return f"has a default that does not fit: it {problem}" if problem else None


def _is_number(value: JsonValue) -> TypeIs[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _within(variable: VariableDefinition, size: float) -> bool:
    above = variable.minimum is None or size >= variable.minimum
    return above and (variable.maximum is None or size <= variable.maximum)


def _wanted(variable: VariableDefinition) -> str:
    match variable.type:
        case VariableType.TEXT:
            return f"a text{_bounds(variable, ' of {} characters')}"
        case VariableType.INTEGER:
            return f"a whole number{_bounds(variable, ' {}')}"
        case VariableType.NUMBER:
            return f"a number{_bounds(variable, ' {}')}"
        case VariableType.BOOLEAN:
            return "true or false"
        case VariableType.CHOICE:
            return f"one of {', '.join(shown(one) for one in variable.choices)}"


def _bounds(variable: VariableDefinition, phrase: str) -> str:
    low, high = variable.minimum, variable.maximum
    if low is None and high is None:
        return ""
    if high is None:
        return phrase.format(f"from {low:g} on")
    return phrase.format(f"up to {high:g}" if low is None else f"from {low:g} to {high:g}")
