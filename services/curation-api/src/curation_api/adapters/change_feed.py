"""Changes for everybody who watches: one reader of the log, its newest entries kept, any number of listeners.

A listener owns no queue: it asks for what stands behind its own position. Who is too slow, or comes back after long,
reads the log itself until the kept entries reach back far enough; so memory does not depend on the listeners.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.log.errors import LogError
from carnival.log.port import EventLog

KEPT_MAX = 5000
BATCH_MAX = 500
PAUSE_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class ChangeFeed:
    """Follows the log from its end at the start on, and keeps the newest `kept_max` entries."""

    def __init__(self, log: EventLog, *, kept_max: int = KEPT_MAX) -> None:
        self._events = log
        self._kept: deque[LogEntry] = deque(maxlen=kept_max)
        self._base = Position(0)
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def position(self) -> Position:
        """The newest entry that was read."""
        return self._kept[-1].position if self._kept else self._base

    async def start(self) -> None:
        self._base = await self._events.end()
        self._task = asyncio.create_task(self._follow(), name="follow-changes")

    async def stop(self) -> None:
        if self._task:
            await end_tasks([self._task])

    async def listen(self, after: Position, *, heartbeat_seconds: float) -> AsyncGenerator[Sequence[LogEntry]]:
        """Entries behind `after`, for ever; an empty batch when nothing came for `heartbeat_seconds`."""
        position = after
        while True:
            batch = await self._behind(position)
            if batch:
                position = batch[-1].position
                yield batch
                continue
            news = self._news
            try:
                async with asyncio.timeout(heartbeat_seconds):
                    await news.wait()
            except TimeoutError:
                yield ()

    async def _behind(self, position: Position) -> Sequence[LogEntry]:
        if position >= self.position:
            return ()
        if position >= self._base:
            start = bisect_right(self._kept, position, key=lambda entry: entry.position)
            return [self._kept[place] for place in range(start, min(start + BATCH_MAX, len(self._kept)))]
        async with aclosing(self._events.read(position, batch_max=BATCH_MAX)) as batches:
            async for batch in batches:
                return batch
        return ()

    async def _follow(self) -> None:
        while True:
            try:
                async with aclosing(self._events.follow(self.position)) as batches:
                    async for batch in batches:
                        self._keep(batch)
            except LogError as error:
                _log.error("The log cannot be followed", action="changes_interrupted", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)

    def _keep(self, batch: Sequence[LogEntry]) -> None:
        for entry in batch:
            if len(self._kept) == self._kept.maxlen:
                self._base = self._kept[0].position
            self._kept.append(entry)
        news, self._news = self._news, asyncio.Event()
        news.set()
