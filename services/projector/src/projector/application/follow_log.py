"""The live projection: follow the log behind the checkpoint, for ever, over every restart of what it depends on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import structlog

from carnival.concurrency import end_tasks, is_set_within
from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.log.errors import LogUnavailable
from carnival.log.port import EventLog
from projector.application.memory import MemoryLimits
from projector.application.ports import (
    AnotherProjector,
    Checkpoint,
    Notices,
    RowStore,
    StoreUnavailable,
)
from projector.application.project_batch import ProjectBatch
from projector.application.rows_of_this_fold import rows_of_this_fold

PAUSE_FIRST_SECONDS = 0.1
PAUSE_MAX_SECONDS = 5.0
STANDBY_SECONDS = 1.0
LAGGING_LOOKS = 20
LAGGING_PAUSE_SECONDS = 0.5
"""A server of a cluster that has just come back lacks the newest events for a while, and may be the one asked."""
QUIET_SECONDS = 2.0
"""So long without an event, the rows are looked after: a database may die meanwhile, and its last commits with it."""
GATHERING_SECONDS_MAX = 0.004
"""The longest rest between two batches. Whoever votes alone never feels it; where many vote it saves work. Any longer,
and all of them would wait for the same moment, and then for one another."""

_log = structlog.get_logger(__name__)


class LogBehindRows(Exception):
    """The read model holds more than the log: this is another log, or one that lost its tail. Nothing may be folded."""


@dataclass(frozen=True, slots=True)
class FollowLimits:
    """Sizes of one projector, all in events. Beyond `parked_in_a_row_max` it stops.

    A rebuild reads `bulk_batch_max` at once, inserts new rows every `insert_every`, and every `keep_every` comes to a
    point from which it can go on after an interruption.
    """

    batch_max: int = 500
    bulk_batch_max: int = 1_000
    insert_every: int = 20_000
    keep_every: int = 250_000
    parked_in_a_row_max: int = 20
    memory: MemoryLimits = field(default_factory=MemoryLimits)

    def of_share(self, shares: int) -> FollowLimits:
        """For one share of a rebuild, so that all of them together keep within these.

        However many events are unusable in a row, some share gets its part of them in a row.
        """
        return replace(
            self, parked_in_a_row_max=self.parked_in_a_row_max // shares, memory=self.memory.of_share(shares)
        )


class FollowLog:
    """One projector. `position` is how far it has come, None while another is active; `trouble`: what it waits for."""

    def __init__(
        self,
        log: EventLog,
        rows: RowStore,
        notices: Notices,
        rebuild: Callable[[], Awaitable[object]],
        limits: FollowLimits | None = None,
    ) -> None:
        self._log = log
        self._rows = rows
        self._notices = notices
        self._rebuild = rebuild
        self._limits = limits or FollowLimits()
        self._stopping = asyncio.Event()
        self.position: Position | None = None
        self.trouble = "not started yet"

    def stop(self) -> None:
        """Finish the running batch, then return from `run`."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`. Raises what no waiting can cure: LogGap, LogBehindRows, NewerFold, TooManyParked,
        UnsuitableDatabase."""
        pause = PAUSE_FIRST_SECONDS
        try:
            while not self._stopping.is_set():
                before = self.position
                try:
                    await self._session()
                except (StoreUnavailable, AnotherProjector, LogUnavailable) as error:
                    _log.warning("The projection starts anew", action="projection_restarts", reason=str(error))
                    self.trouble = str(error)
                    await self._rows.close()
                pause = PAUSE_FIRST_SECONDS if self.position != before else min(pause * 2, PAUSE_MAX_SECONDS)
                await is_set_within(self._stopping, pause)
        finally:
            await self._rows.close()

    async def _session(self) -> None:
        if not await self._rows.open():
            self.position, self.trouble = None, ""
            _log.info("Another projector is at work, standing by", action="projector_stands_by")
            while not await self._rows.open():
                if await is_set_within(self._stopping, STANDBY_SECONDS):
                    return
        checkpoint = await self._checkpoint()
        project = ProjectBatch(
            self._rows, self._notices, checkpoint, self._limits.memory, self._limits.parked_in_a_row_max
        )
        self.position, self.trouble = checkpoint.position, ""
        _log.info("The projection goes on", action="projection_starts", position=checkpoint.position)
        await self._follow(project)

    async def _checkpoint(self) -> Checkpoint:
        """Where to go on."""
        checkpoint = await rows_of_this_fold(self._rows, self._rebuild)
        looks = 1
        while (end := await self._log.end()) < checkpoint.position:
            if looks == LAGGING_LOOKS:
                raise LogBehindRows(f"the rows go up to {checkpoint.position}, the log only up to {end}")
            if await is_set_within(self._stopping, LAGGING_PAUSE_SECONDS):
                break
            looks += 1
        return checkpoint

    async def _follow(self, project: ProjectBatch) -> None:
        async with aclosing(self._log.follow(project.position, batch_max=self._limits.batch_max)) as batches:
            while (batch := await self._next(anext(batches))) is not None:
                began = time.monotonic()
                await project(batch)
                self.position = project.position
                if len(batch) < self._limits.batch_max:
                    await is_set_within(self._stopping, min(time.monotonic() - began, GATHERING_SECONDS_MAX))

    async def _next(self, batch: Awaitable[Sequence[LogEntry]]) -> Sequence[LogEntry] | None:
        """The next batch, None when stopping. Waiting for it is what stopping interrupts, never its projection."""
        reading = asyncio.ensure_future(batch)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            either = {reading, stopping}
            while not (await asyncio.wait(either, timeout=QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED))[0]:
                await self._look_after_rows()
            return None if self._stopping.is_set() else await reading
        finally:
            await end_tasks([reading, stopping])

    async def _look_after_rows(self) -> None:
        """Raises StoreUnavailable for a lost connection, AnotherProjector."""
        if not await self._rows.open():
            raise AnotherProjector("another projector has taken over")
