"""How often somebody may ask: token buckets.

A bucket holds `burst` tokens, a request takes one, time brings them back.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

KEPT_MAX: Final = 10_000
"""Buckets in memory, of each kind; the one that was longest unused goes first."""
TOKEN: Final = 1 - 1e-7
"""A whole one but for what sums of times lose: who has waited as long as told finds it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests that may come at once, and how many a second may go on coming."""

    burst: int
    per_second: float

    @property
    def window_seconds(self) -> int:
        """An empty bucket is full again after so long."""
        return ceil(self.burst / self.per_second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a sender may still do. `wait_seconds` is 0 if the request was admitted."""

    name: str
    rate: Rate
    remaining: int
    wait_seconds: int


class Buckets:
    """One bucket for each sender, `name` says of which kind. Times are seconds of any steady clock."""

    def __init__(self, name: str, rate: Rate, kept_max: int = KEPT_MAX) -> None:
        self._name = name
        self._rate = rate
        self._kept_max = kept_max
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, sender: str, now: float) -> Allowance:
        """One request of `sender`. One that is not admitted takes nothing."""
        level = self._level(sender, now)
        admitted = level >= TOKEN
        if admitted:
            level -= 1
        self._levels[sender] = (level, now)
        self._levels.move_to_end(sender)
        if len(self._levels) > self._kept_max:
            self._levels.popitem(last=False)
        wait = 0 if admitted else ceil((1 - level) / self._rate.per_second)
        return Allowance(name=self._name, rate=self._rate, remaining=max(0, floor(level)), wait_seconds=wait)

    def is_empty(self, sender: str, now: float) -> bool:
        return self._level(sender, now) < TOKEN

    def _level(self, sender: str, now: float) -> float:
        level, at = self._levels.get(sender, (float(self._rate.burst), now))
        return min(float(self._rate.burst), level + (now - at) * self._rate.per_second)
