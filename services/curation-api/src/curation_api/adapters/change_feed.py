"""Changes for everybody who watches: one reader of the log, its newest entries kept as text, any number of listeners.

A listener owns no queue: it asks for what stands behind its position. An entry becomes text once, and what listeners
at one place with one filter are sent is put together once for all of them. Who is too slow, or comes back after long,
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
from curation_api.adapters.bell import Bell, rung
from curation_api.adapters.changes import Change, ChangeFilter, Sent, change_of

KEPT_MAX = 5000
BATCH_MAX = 500
READERS_MAX = 16
PAUSE_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class ChangeFeed:
    """Follows the log from its end at the start on, and keeps the newest `kept_max` changes."""

    def __init__(self, log: EventLog, *, kept_max: int = KEPT_MAX) -> None:
        self._events = log
        self._kept: deque[Change] = deque(maxlen=kept_max)
        self._base = Position(0)
        self.bell = Bell()
        self._told: dict[tuple[Position, ChangeFilter], Sent] = {}
        self._readers = asyncio.Semaphore(READERS_MAX)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def position(self) -> Position:
        """The newest entry that was read."""
        return self._kept[-1].position if self._kept else self._base

    async def start(self) -> None:
        self._base = await self._events.end()
        self._tasks = [asyncio.create_task(self._follow(), name="follow-changes")]

    async def stop(self) -> None:
        await end_tasks(self._tasks)

    async def reaches(self, position: Position, within: float) -> bool:
        """Whether the log has come as far as `position`; waits so many seconds, for a server that lags behind others.
        Raises LogUnavailable."""
        if position <= self.position or position <= await self._events.end():
            return True
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while self.position < position and clock() < end:
            await rung(self.bell, within=end - clock())
        return self.position >= position

    def is_kept(self, position: Position) -> bool:
        """Whether all that stands behind `position` is at hand."""
        return position >= self._base

    def behind(self, position: Position, wanted: ChangeFilter) -> Sent:
        """Kept changes behind `position`; put together once for all who stand there and want the same."""
        if position >= self.position:
            return Sent(position, b"")
        found = self._told.get((position, wanted))
        if found is None:
            start = bisect_right(self._kept, position, key=lambda change: change.position)
            batch = [self._kept[place] for place in range(start, min(start + BATCH_MAX, len(self._kept)))]
            text = "".join(change.text for change in batch if wanted.takes(change))
            found = self._told[position, wanted] = Sent(batch[-1].position, text.encode())
        return found

    async def from_the_log(self, after: Position, wanted: ChangeFilter) -> AsyncGenerator[Sent]:
        """What the log itself holds behind `after`, up to what is kept. So many read at once, the others wait."""
        async with self._readers:
            end = self.position
            async with aclosing(self._events.read(after, subjects=wanted.subjects, batch_max=BATCH_MAX)) as batches:
                async for batch in batches:
                    changes = [change_of(entry) for entry in batch]
                    text = "".join(change.text for change in changes if wanted.takes(change))
                    yield Sent(batch[-1].position, text.encode())
                    end = max(end, batch[-1].position)
            yield Sent(end, b"")

    async def _follow(self) -> None:
        while True:
            try:
                async with aclosing(self._events.follow(self.position)) as batches:
                    async for batch in batches:
                        self._keep(batch)
                        await self.bell.ring()
            except LogError as error:
                _log.error("The log cannot be followed", action="changes_interrupted", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)

    def _keep(self, batch: Sequence[LogEntry]) -> None:
        for entry in batch:
            if len(self._kept) == self._kept.maxlen:
                self._base = self._kept[0].position
            self._kept.append(change_of(entry))
        self._told.clear()
