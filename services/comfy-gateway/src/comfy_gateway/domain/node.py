"""Places on nodes: who offers some, who gets the next job, and when a server counts as dead (WRK-2, WRK-3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from comfy_gateway.domain.verdict import Queue

REGISTERING_MAX: Final = 8
"""Images of one node on their way into the store at once. Past it the node takes no jobs: the store is too slow."""

WORKER_GRACE_SECONDS: Final = 5.0
"""A queue that waits this long while nothing runs has lost its worker; only a restart of the server helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLoad:
    """`open` counts jobs staged, posted or rendering, `registering` those whose image is on its way into the store."""

    name: str
    ready: bool
    slots: int
    jobs_ahead: int
    open: int
    registering: int

    @property
    def places(self) -> int:
        """How many more jobs the node takes, the staged ones included."""
        if not self.ready or self.registering >= REGISTERING_MAX:
            return 0
        return max(0, self.slots * (1 + self.jobs_ahead) - self.open)


def next_node(loads: Sequence[NodeLoad]) -> str | None:
    """The node for the next job: the one with the fewest jobs per slot, the first of equals; None: no free place."""
    free = [load for load in loads if load.places > 0]
    return min(free, key=lambda load: load.open / load.slots).name if free else None


@dataclass(frozen=True, slots=True)
class WorkerWatch:
    """Since when jobs wait while none runs; None: they do not."""

    stuck_since: float | None = None

    def after(self, queue: Queue, now: float) -> WorkerWatch:
        """`now` is any monotonic clock, in seconds."""
        stuck = bool(queue.pending) and not queue.running
        return WorkerWatch((self.stuck_since if self.stuck_since is not None else now) if stuck else None)

    def is_dead(self, now: float) -> bool:
        return self.stuck_since is not None and now - self.stuck_since >= WORKER_GRACE_SECONDS


def node_name(base_url: str) -> str:
    """A name for the server at an address, safe as a key of the presence bucket and in a subject."""
    parts = urlsplit(base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return safe_name(f"{parts.hostname or 'node'}-{port}{parts.path.rstrip('/')}")


def safe_name(name: str) -> str:
    """Letters, digits, underscores and hyphens only."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "gateway"
