"""How long a job takes: each node gets its share of the wanted time, and work that takes longer simply does."""

from __future__ import annotations

import threading
import time


class Abandoned(Exception):
    """The server went down while the job ran: no frame, no history."""


class Pace:
    """Waits are cut short by `stopping` only; an interrupt does not shorten a node."""

    def __init__(self, seconds: float, total_weight: float, stopping: threading.Event) -> None:
        self._seconds = seconds
        self._total = total_weight
        self._stopping = stopping
        self._started = time.monotonic()
        self._done = 0.0

    def wait_until(self, weight: float, fraction: float) -> None:
        """Let a running node of `weight` be `fraction` done. Raises Abandoned."""
        due = self._started
        if self._total > 0:
            due += self._seconds * min(1.0, (self._done + weight * fraction) / self._total)
        pause(self._stopping, due - time.monotonic())

    def finished(self, weight: float) -> None:
        self.wait_until(weight, 1.0)
        self._done += weight


def pause(stopping: threading.Event, seconds: float) -> None:
    """Raises Abandoned when the server goes down meanwhile."""
    if stopping.wait(seconds) if seconds > 0 else stopping.is_set():
        raise Abandoned
