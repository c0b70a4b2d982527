"""The settings that the rules of choosing depend on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HasRoom = Callable[[str], bool]
"""Whether a pool may take another job now (WRK-3)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`parent_failures_max`: with so many failures a candidate is no parent any more (SEL-6)."""

    parent_failures_max: int
