"""Keeps what is folded from one category of the log as new as the log."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Protocol

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.log.errors import LogError
from carnival.log.port import EventLog

PAUSE_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Fold(Protocol):
    """Small enough for memory. `position` is how far the log was folded."""

    position: Position

    def apply(self, entry: LogEntry) -> None: ...


class CategoryWatch:
    """Folds the entries of `subjects` into `fold`: whole at the start, then live.

    While the log is away the fold stays as it is: nobody can change anything then either.
    """

    def __init__(self, log: EventLog, fold: Fold, subjects: str) -> None:
        self._events = log
        self._fold = fold
        self._subjects = (subjects,)
        self._grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the fold holds everything that was in the log. Raises LogUnavailable."""
        async with aclosing(self._events.read(Position(0), subjects=self._subjects)) as batches:
            async for batch in batches:
                for entry in batch:
                    self._fold.apply(entry)
        self._task = asyncio.create_task(self._follow(), name=f"follow-{self._subjects[0]}")

    async def stop(self) -> None:
        if self._task:
            await end_tasks([self._task])

    async def reached(self, position: Position, seconds: float) -> bool:
        """Waits until the fold holds the category's event at `position`; whether it does in time."""
        try:
            async with asyncio.timeout(seconds):
                while self._fold.position < position:
                    await self._grown.wait()
        except TimeoutError:
            return False
        return True

    async def _follow(self) -> None:
        while True:
            try:
                async with aclosing(self._events.follow(self._fold.position, subjects=self._subjects)) as batches:
                    async for batch in batches:
                        for entry in batch:
                            self._fold.apply(entry)
                        grown, self._grown = self._grown, asyncio.Event()
                        grown.set()
            except LogError as error:
                subjects = self._subjects[0]
                _log.error("Events cannot be followed", action="follow_failed", subjects=subjects, error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
