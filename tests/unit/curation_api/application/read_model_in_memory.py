"""A read model of two facts, moved by hand: how far it is and which events are void."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import CandidateId, EventId, Position
from carnival.contracts.verdict import VoidReason
from carnival.testing.memory_log import MemoryEventLog
from curation_api.application.books import Books
from curation_api.application.preconditions import Preconditions
from curation_api.application.repeats import Repeats


class MemoryReadModel:
    """Implements `ports.Projection` and `ports.Judgements` over a log in memory.

    `follows` says whether the projector runs: then whatever is waited for has been projected.
    """

    def __init__(self, log: MemoryEventLog) -> None:
        self._log = log
        self._position = Position(0)
        self.follows = True
        self.voids: dict[int, VoidReason] = {}

    @property
    def position(self) -> Position:
        return self._position

    async def reached(self, position: Position, seconds: float) -> bool:
        if self.follows:
            self._position = await self._log.end()
        return position <= self._position

    async def position_of(self, event_id: EventId) -> Position | None:
        for position in range(1, self._position + 1):
            entry = await self._log.at(Position(position))
            if isinstance(entry, Recorded) and entry.meta.event_id == event_id:
                return entry.position
        return None

    async def void_reasons(self, positions: Sequence[Position]) -> dict[Position, VoidReason]:
        return {position: self.voids[position] for position in positions if position in self.voids}

    async def void_reason(self, position: Position) -> VoidReason | None:
        return self.voids.get(position)


class NoCandidates:
    """Implements `ports.ShownCandidates` where there are none."""

    async def state(self, candidate_id: CandidateId) -> None:
        return None

    async def view(self, candidate_id: CandidateId) -> None:
        return None


def books_over(log: MemoryEventLog, read_model: MemoryReadModel, clock: Callable[[], float] = time.monotonic) -> Books:
    """Books of which nothing is real but what is written in them. `clock` counts seconds."""
    return Books(
        log=log,
        projection=read_model,
        judgements=read_model,
        preconditions=Preconditions(log=log, projection=read_model, candidates=NoCandidates(), wait_seconds=0.1),
        repeats=Repeats(log=log, projection=read_model, wait_seconds=0.1, clock=clock),
        verdict_wait_seconds=0.1,
        event_bytes_max=8192,
    )
