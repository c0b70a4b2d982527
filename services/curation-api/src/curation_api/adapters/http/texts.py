"""Texts and values that the log and the read model can keep exactly."""

from __future__ import annotations

import json
import math
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue, StringConstraints, ValidationInfo

from curation_api.domain.refusals import BadText, Fact

DEPTH_MAX = 50


def storable(text: str) -> str:
    """`text` itself. Raises ValueError for NUL and for halves of surrogate pairs, which Postgres and UTF-8 refuse."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a NUL character or half a surrogate pair")
    return text


def refuse_unstorable(value: JsonValue, subject: str) -> None:
    """Raises BadText about `subject`: what values of any kind must not hold, no schema can say, so it is their meaning
    that is refused."""
    try:
        _look_through(value)
    except ValueError as error:
        raise BadText(f"{subject} {error}") from error


def _look_through(value: JsonValue) -> None:
    """Raises ValueError for texts that are not `storable`, for numbers JSON has not, and below 50 levels."""
    ahead: list[tuple[JsonValue, int]] = [(value, 0)]
    while ahead:
        found, depth = ahead.pop()
        if depth > DEPTH_MAX:
            raise ValueError(f"is nested deeper than {DEPTH_MAX} levels")
        if isinstance(found, str):
            storable(found)
        elif isinstance(found, float) and not math.isfinite(found):
            raise ValueError("holds a number that JSON does not have")
        elif isinstance(found, list):
            ahead.extend((item, depth + 1) for item in found)
        elif isinstance(found, dict):
            ahead.extend((item, depth + 1) for pair in found.items() for item in pair)


def _storable_variables(variables: dict[str, JsonValue], info: ValidationInfo) -> dict[str, JsonValue]:
    refuse_unstorable(variables, str(info.field_name))
    return variables


_SAID = Field(json_schema_extra={"pattern": "^[^\\u0000]*$"})
"""What `storable` asks for, as far as a pattern can say it."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(storable), _SAID]
Line = Annotated[str, StringConstraints(max_length=1000), AfterValidator(storable), _SAID]
LongText = Annotated[str, StringConstraints(max_length=200_000), AfterValidator(storable), _SAID]
Template = Annotated[str, AfterValidator(storable), _SAID]
Variables = Annotated[dict[str, JsonValue], AfterValidator(_storable_variables)]


def workflow_text(workflow: dict[str, JsonValue] | str, subject: str, **facts: Fact) -> str:
    """A workflow given as an object or as text, as text. Raises BadText about `subject`, with `facts`."""
    if isinstance(workflow, str):
        return workflow
    try:
        return storable(json.dumps(workflow, ensure_ascii=False))
    except ValueError as error:
        raise BadText(f"{subject} {error}", **facts) from error
