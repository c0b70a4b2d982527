"""What is published on a beat: the newest of each job. What came between is dropped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from carnival.contracts.ids import JobId

T = TypeVar("T")


class NewestOfJobs(Generic[T]):
    """At most one thing a job in `interval_seconds`. `publish` must not raise."""

    def __init__(self, publish: Callable[[JobId, T], Awaitable[None]], interval_seconds: float) -> None:
        self._publish = publish
        self._interval_seconds = interval_seconds
        self._newest: dict[JobId, T] = {}
        self._fresh = asyncio.Event()

    def put(self, job_id: JobId, thing: T) -> None:
        self._newest[job_id] = thing
        self._fresh.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            newest, self._newest = self._newest, {}
            for job_id, thing in newest.items():
                await self._publish(job_id, thing)
            await asyncio.sleep(self._interval_seconds)
