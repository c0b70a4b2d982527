"""The loop: wait for a wake-up or the timer, make a pass, for ever (WRK-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final, Protocol

import structlog

from selector.application.ports import Wakes

PAUSE_FIRST_SECONDS: Final = 0.1
PAUSE_MAX_SECONDS: Final = 5.0
REST_SECONDS: Final = 0.05
"""Between two passes: all that wakes the selector while it rests is answered by one pass."""

_log = structlog.get_logger(__name__)


class Pass(Protocol):
    def __call__(self, *, thorough: bool) -> Awaitable[None]: ...


class RunLoop:
    """`interval_seconds` is the longest pause between two passes."""

    def __init__(self, work: Pass, wakes: Wakes, interval_seconds: float) -> None:
        self._work = work
        self._wakes = wakes
        self._interval_seconds = interval_seconds
        self._failures = 0
        self._problem = ""

    async def check(self) -> None:
        """Raises RuntimeError with the last pass's problem while passes fail."""
        if self._failures:
            raise RuntimeError(self._problem)

    async def __call__(self) -> None:
        """Never returns. An error ends one pass only: it is logged, the next follows after a growing pause (WRK-2)."""
        woken = False
        while True:
            try:
                await self._work(thorough=not woken)
                self._failures = 0
            except Exception as error:
                await self._pause_after(error)
            else:
                await asyncio.sleep(REST_SECONDS)
            woken = await self._wakes.wait(self._interval_seconds)

    async def _pause_after(self, error: Exception) -> None:
        self._failures += 1
        self._problem = f"{type(error).__name__}: {error}"
        pause = min(PAUSE_FIRST_SECONDS * 2 ** min(self._failures - 1, 10), PAUSE_MAX_SECONDS)
        _log.warning(
            "A pass failed, the next one follows", action="pass_failed", error=self._problem, pause_seconds=pause
        )
        await asyncio.sleep(pause)
        self._wakes.wake()
