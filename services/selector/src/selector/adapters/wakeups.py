"""What wakes the selector, and how far the read model has come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from carnival.concurrency import is_set_within
from carnival.contracts.ids import Position

CHECKPOINT_SECONDS: Final = 0.25
"""How often the checkpoint itself is asked for while no notice comes; notices may get lost."""


class WakeUps:
    """Implements `Wakes` within one event loop."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        woken = await is_set_within(self._woken, seconds)
        self._woken.clear()
        return woken


class NoticedProjection:
    """Implements `Projection`: notices first, the checkpoint where they stay away."""

    def __init__(self, checkpoint: Callable[[], Awaitable[Position]]) -> None:
        self._checkpoint = checkpoint
        self._position = Position(0)
        self._moved = asyncio.Event()

    def notice(self, position: Position) -> None:
        """The read model holds everything up to `position`."""
        if position > self._position:
            self._position = position
            self._moved.set()
            self._moved = asyncio.Event()

    async def reached(self, position: Position, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while self._position < position:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if not await is_set_within(self._moved, min(left, CHECKPOINT_SECONDS)):
                self.notice(await self._checkpoint())
        return True
