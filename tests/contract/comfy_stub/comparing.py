"""Two answers say the same when their keys, types and telling words agree; numbers, ids and times may differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias, cast

Json: TypeAlias = Any

TELLING = frozenset(
    {"type", "status_str", "completed", "class_type", "node_id", "node_type", "exception_type", "message", "error",
     "state", "status", "subfolder", "input_name", "received_value", "comfyui_version", "dependent_outputs", "name"}
)  # fmt: skip
"""Keys whose values have to be equal, with digits masked."""
ANYTHING = frozenset({"traceback", "current_inputs", "python_version", "argv", "current_outputs", "prompt", "tooltip"})
"""Keys whose values only have to be of the same type."""


def differences(recorded: Json, ours: Json, path: str = "") -> Iterator[str]:
    """One line for each thing that differs."""
    key = path.rsplit(".", 1)[-1]
    if _kind(recorded) != _kind(ours):
        yield f"{path}: {_kind(recorded)} was recorded, we have {_kind(ours)} ({str(ours)[:120]})"
    elif key in ANYTHING and not (key == "prompt" and isinstance(recorded, list)):
        return
    elif isinstance(recorded, dict):
        yield from _object_differences(cast(dict[str, Json], recorded), ours, path)
    elif isinstance(recorded, list):
        yield from _list_differences(cast(list[Json], recorded), ours, path)
    elif key in TELLING and isinstance(recorded, (str, bool)) and masked(recorded) != masked(ours):
        yield f"{path}: {recorded!r} was recorded, we have {ours!r}"


def masked(value: Json) -> Json:
    """A text without the things that differ between two runs: numbers, temp names, folders of the machine."""
    if not isinstance(value, str):
        return value
    value = re.sub(r"ComfyUI_temp_[a-z]{5}", "ComfyUI_temp_*", value)
    return re.sub(r"\d+", "#", value)


def _object_differences(recorded: dict[str, Json], ours: dict[str, Json], path: str) -> Iterator[str]:
    for key in sorted(recorded.keys() ^ ours.keys()):
        yield f"{path}.{key}: {'only recorded' if key in recorded else 'only ours'}"
    for key in recorded.keys() & ours.keys():
        yield from differences(recorded[key], ours[key], f"{path}.{key}")


def _list_differences(recorded: list[Json], ours: list[Json], path: str) -> Iterator[str]:
    if _is_plain(recorded) and _is_plain(ours):
        if {_kind(entry) for entry in recorded} != {_kind(entry) for entry in ours} and recorded and ours:
            yield f"{path}: other kinds of entries"
        return
    if len(recorded) != len(ours):
        yield f"{path}: {len(recorded)} entries were recorded, we have {len(ours)}"
        return
    for place, (one, other) in enumerate(zip(recorded, ours, strict=True)):
        if isinstance(one, str) and masked(one) != masked(other):
            yield f"{path}[{place}]: {one!r} was recorded, we have {other!r}"
        yield from differences(one, other, f"{path}[{place}]")


def _is_plain(entries: list[Json]) -> bool:
    return not any(isinstance(entry, (dict, list)) for entry in entries)


def _kind(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return type(value).__name__
