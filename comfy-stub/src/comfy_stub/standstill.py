"""A moment in which nothing gets out of the server, as while a garbage collection holds its interpreter."""

from __future__ import annotations

import asyncio
import time


class Standstill:
    """Answers and frames wait for its end; the worker goes on."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    async def over(self) -> None:
        """Wait until nothing is held back any more."""
        await asyncio.sleep(max(0.0, self._until - time.monotonic()))
