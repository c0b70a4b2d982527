"""How many jobs a pool may hold open (WRK-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from carnival.contracts.notices import NodePresence, NodeState

OFFERING: Final = frozenset({NodeState.READY, NodeState.BUSY})
WITHOUT_NODE: Final = 1
"""One open job where no node is present: an autoscaler sees demand."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The largest number of open jobs by pool."""

    by_pool: Mapping[str, int] = field(default_factory=dict)

    def of(self, pool: str) -> int:
        return self.by_pool.get(pool, WITHOUT_NODE)


def offered_slots(nodes: Iterable[NodePresence], now: datetime) -> Mapping[str, int]:
    """Slots by pool of all ready or busy nodes that are still announced."""
    slots: Counter[str] = Counter()
    for node in nodes:
        if node.state in OFFERING and node.expires_at > now:
            slots[node.pool] += node.slots
    return slots


def offered_capacity(nodes: Iterable[NodePresence], jobs_ahead: int, now: datetime) -> Capacity:
    """All offered slots, each with the jobs staged ahead of it."""
    slots = offered_slots(nodes, now)
    return Capacity({pool: count * (1 + jobs_ahead) for pool, count in slots.items() if count})


@dataclass(frozen=True, slots=True)
class Load:
    """Capacity and what is used of it."""

    capacity: Capacity
    open_jobs: Mapping[str, int]

    def has_room(self, pool: str) -> bool:
        return self.open_jobs.get(pool, 0) < self.capacity.of(pool)

    def has_any_room(self, pools: Iterable[str]) -> bool:
        return any(map(self.has_room, pools))
