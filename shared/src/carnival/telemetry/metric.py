"""What a metric is: its name, how its values behave, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

QUICK_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Of what takes a moment, in seconds."""

_UNIT_SUFFIXES: Final = {"s": "_seconds", "By": "_bytes", "1": ""}


class Kind(StrEnum):
    COUNTER = "counter"
    """Only grows; its rate is what one looks at."""
    GAUGE = "gauge"
    """A value as it is now."""
    HISTOGRAM = "histogram"
    """How many values fell below which bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`unit` is spelled as in UCUM: s, By, 1, or a thing counted in braces. `services` are those that emit it."""

    name: str
    kind: Kind
    unit: str
    says: str
    services: tuple[str, ...]
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = field(default=(), repr=False)

    @property
    def prometheus_name(self) -> str:
        """As a scrape spells it; a histogram's is followed by `_bucket`, `_sum` or `_count` there."""
        unit = _UNIT_SUFFIXES.get(self.unit, "")
        return self.name.replace(".", "_") + unit + ("_total" if self.kind is Kind.COUNTER else "")

    @property
    def prometheus_labels(self) -> tuple[str, ...]:
        return tuple(label.replace(".", "_") for label in self.labels)
