"""Which traces of people's commands wait for the next decision about their run."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from carnival.contracts.ids import Position, RunId
from carnival.contracts.notices import Cause

CAUSES_MAX: Final = 32
RUNS_MAX: Final = 1_000


class HeardCauses:
    """Implements `Causes`: the newest 32 of each of the 1,000 runs heard of last. One that is lost costs a link."""

    def __init__(self) -> None:
        self._waiting: dict[RunId, deque[Cause]] = {}

    def hear(self, causes: Iterable[Cause]) -> None:
        for cause in causes:
            waiting = self._waiting.pop(cause.run_id, None) or deque[Cause](maxlen=CAUSES_MAX)
            waiting.append(cause)
            self._waiting[cause.run_id] = waiting
        while len(self._waiting) > RUNS_MAX:
            del self._waiting[next(iter(self._waiting))]

    def behind(self, run_id: RunId, position: Position) -> Sequence[str]:
        waiting = self._waiting.get(run_id, ())
        return [cause.traceparent for cause in reversed(waiting) if cause.position <= position]

    def followed(self, run_id: RunId, position: Position) -> None:
        waiting = self._waiting.pop(run_id, ())
        left = [cause for cause in waiting if cause.position > position]
        if left:
            self._waiting[run_id] = deque(left, maxlen=CAUSES_MAX)
