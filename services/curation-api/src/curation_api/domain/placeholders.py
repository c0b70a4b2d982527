"""Placeholders of a template, and who fills them (SUB-1, SUB-5, SUB-6)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

PLACEHOLDER: Final = re.compile(r"\{\{([A-Za-z0-9_]+)\}\}")

SYSTEM_NAMES: Final = frozenset({"name", "run_name", "timestamp", "timestamp_ms", "random", "job_id", "auto_seed"})
PARENT_NAMES: Final = frozenset({"parent_image", "parent_image_path"})
PROMPT: Final = "prompt"


def placeholders_of(template: str) -> tuple[str, ...]:
    """Each name once, in order of appearance."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(template)))


def asked_of_a_run(template: str, *, is_first: bool) -> tuple[str, ...]:
    """The names that a run must bring along: all but the system's own and, behind the first step, the parent's."""
    filled = SYSTEM_NAMES if is_first else SYSTEM_NAMES | PARENT_NAMES
    return tuple(name for name in placeholders_of(template) if name not in filled)


def unfilled(template: str, given: Collection[str], *, is_first: bool) -> tuple[str, ...]:
    """The names nobody can ever fill, given the names of the run's variables."""
    return tuple(name for name in asked_of_a_run(template, is_first=is_first) if name not in given)
