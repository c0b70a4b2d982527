"""How the projection is doing: how far it is behind, what it folds, how long Postgres takes."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from nats.aio.client import Client
from opentelemetry.metrics import Observation

from carnival.contracts.ids import Position
from carnival.contracts.subjects import STREAM
from carnival.log.port import EventLog
from carnival.telemetry.catalogue.projector import (
    BATCH_DURATION,
    CHECKPOINT,
    FOLDED,
    FOLDED_PARKED,
    FOLDED_VOID,
    LAG,
    LAG_AGE,
    LOG_END,
    LOG_SIZE,
    PROJECTOR_ACTIVE,
)
from carnival.telemetry.instruments import counter, histogram
from carnival.telemetry.sampling import Samples, Source
from projector.application.ports import Checkpoint, Needs, Outcome, RowStore
from projector.domain.read_model import ReadModel

LOAD: Final = {"part": "load"}
WRITE: Final = {"part": "write"}


class MeasuredRows:
    """Implements `RowStore` on another one. What it counts is committed; its cost is per batch, not per event."""

    def __init__(self, rows: RowStore) -> None:
        self._rows = rows
        self._duration = histogram(BATCH_DURATION)
        self._folded = counter(FOLDED)
        self._void = counter(FOLDED_VOID)
        self._parked = counter(FOLDED_PARKED)

    async def open(self) -> bool:
        return await self._rows.open()

    async def checkpoint(self) -> Checkpoint:
        return await self._rows.checkpoint()

    async def load(self, needs: Needs, model: ReadModel) -> None:
        if not needs:
            return await self._rows.load(needs, model)
        started = time.perf_counter()
        await self._rows.load(needs, model)
        self._duration.record(time.perf_counter() - started, LOAD)
        return None

    async def write(self, outcome: Outcome) -> None:
        started = time.perf_counter()
        await self._rows.write(outcome)
        self._duration.record(time.perf_counter() - started, WRITE)
        self._folded.add(outcome.after - outcome.before)
        self._parked.add(len(outcome.parked))
        for reason, count in Counter(void.reason.value for void in outcome.changes.voids).items():
            self._void.add(count, {"reason": reason})

    async def close(self) -> None:
        await self._rows.close()


def log_size(connection: Client) -> Source:
    """What the log takes on disk."""

    async def read() -> Samples:
        info = await connection.jetstream().stream_info(STREAM)
        return {LOG_SIZE: [Observation(info.state.bytes)]}

    return Source("log-size", (LOG_SIZE,), read)


def projection_standing(log: EventLog, position: Callable[[], Position | None]) -> Source:
    """Where the log and the projection stand; `position` is None while another projector is the active one."""

    async def read() -> Samples:
        reached, end = position(), await log.end()
        if reached is None:
            return {PROJECTOR_ACTIVE: [Observation(0)], LOG_END: [Observation(end)]}
        return {
            PROJECTOR_ACTIVE: [Observation(1)],
            LOG_END: [Observation(end)],
            CHECKPOINT: [Observation(reached)],
            LAG: [Observation(max(0, end - reached))],
            LAG_AGE: [Observation(await _age(log, Position(reached + 1)) if end > reached else 0.0)],
        }

    return Source("projection", (PROJECTOR_ACTIVE, LOG_END, CHECKPOINT, LAG, LAG_AGE), read)


async def _age(log: EventLog, position: Position) -> float:
    age = await log.age_of(position)
    return age.total_seconds() if age else 0.0
