"""JSON of strangers: every look at it says what to do when the shape is another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


def mapping(value: object) -> Mapping[str, Json]:
    """`value` if it is a JSON object, else an empty one."""
    return cast("Mapping[str, Json]", value) if isinstance(value, Mapping) else {}


def sequence(value: object) -> Sequence[Json]:
    """`value` if it is a JSON list, else an empty one."""
    return cast("Sequence[Json]", value) if isinstance(value, list | tuple) else ()


def text(value: object) -> str:
    """`value` if it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """`value` if it is a finite number, else None. Booleans are no numbers here."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if isfinite(found) else None
