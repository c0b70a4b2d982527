"""Work done again and again while the service runs, whatever goes wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import structlog

from carnival.concurrency import end_tasks
from carnival.log.errors import LogError
from curation_api.domain.refusals import Refusal

_log = structlog.get_logger(__name__)


class RepeatedWork:
    """`work` is done at once, then every `seconds`; sooner if it says that there is more to do."""

    def __init__(
        self, name: str, seconds: float, work: Callable[[], Awaitable[bool]], more_seconds: float = 1.0
    ) -> None:
        self._name = name
        self._seconds = seconds
        self._more_seconds = more_seconds
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_on(), name=f"repeat-{self._name}")

    async def stop(self) -> None:
        if self._task:
            await end_tasks([self._task])

    async def _go_on(self) -> None:
        while True:
            more = False
            try:
                more = await self._work()
            except (OSError, LogError, Refusal, psycopg.Error) as error:
                _log.warning("Work is put off", action="work_put_off", worker=self._name, why=str(error)[:200])
            await asyncio.sleep(self._more_seconds if more else self._seconds)
