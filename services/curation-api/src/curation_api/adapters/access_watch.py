"""Keeps the register of who may use the hub as new as the log."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import structlog

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from carnival.contracts.subjects import ACCESS
from carnival.log.errors import LogError
from carnival.log.port import EventLog
from curation_api.domain.access.register import Register

PAUSE_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class AccessWatch:
    """Folds the log's category `access` into `register`: whole at the start, then live.

    While the log is away the register stays as it is: nobody can revoke anything then either.
    """

    def __init__(self, log: EventLog, register: Register) -> None:
        self._events = log
        self._register = register
        self._grown = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the register holds everything that was in the log. Raises LogUnavailable."""
        async with aclosing(self._events.read(Position(0), subjects=(ACCESS,))) as batches:
            async for batch in batches:
                for entry in batch:
                    self._register.apply(entry)
        self._task = asyncio.create_task(self._follow(), name="follow-access")

    async def stop(self) -> None:
        if self._task:
            await end_tasks([self._task])

    async def reached(self, position: Position, seconds: float) -> bool:
        """Waits until the register holds the access event at `position`; whether it does in time."""
        try:
            async with asyncio.timeout(seconds):
                while self._register.position < position:
                    await self._grown.wait()
        except TimeoutError:
            return False
        return True

    async def _follow(self) -> None:
        while True:
            try:
                async with aclosing(self._events.follow(self._register.position, subjects=(ACCESS,))) as batches:
                    async for batch in batches:
                        for entry in batch:
                            self._register.apply(entry)
                        grown, self._grown = self._grown, asyncio.Event()
                        grown.set()
            except LogError as error:
                _log.error("The access events cannot be followed", action="access_interrupted", error=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
