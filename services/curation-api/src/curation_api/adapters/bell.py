"""Wakes whoever waits for news: at once when it was quiet, and never so often that listeners take the processor."""

from __future__ import annotations

import asyncio
from typing import Final

AT_ONCE: Final = 50
"""Listeners woken in one turn of the loop. Between two turns everything else goes on: votes, first of all."""
CALM_SECONDS: Final = 0.02
REST_PER_WORK: Final = 4.0
REST_SECONDS_MAX: Final = 0.25


class Bell:
    """News that come closer together than `calm_seconds` are told together, and more of them the longer telling takes:
    after it comes a rest four times as long, a quarter of a second at the most."""

    def __init__(self, calm_seconds: float = CALM_SECONDS) -> None:
        self._calm_seconds = calm_seconds
        self.waiting: dict[asyncio.Future[None], None] = {}

    async def ring(self) -> None:
        """Everybody who waits has a turn; returns after the rest."""
        clock = asyncio.get_running_loop().time
        began = clock()
        waiting, self.waiting = list(self.waiting), {}
        for start in range(0, len(waiting), AT_ONCE):
            for turn in waiting[start : start + AT_ONCE]:
                if not turn.done():
                    turn.set_result(None)
            await asyncio.sleep(0)
        work = clock() - began
        await asyncio.sleep(max(self._calm_seconds, min(REST_PER_WORK * work, REST_SECONDS_MAX)))


async def rung(*bells: Bell, within: float | None = None) -> bool:
    """Whether one of the bells rang within so many seconds.

    Who looks for news and waits without awaiting in between misses none."""
    turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    for bell in bells:
        bell.waiting[turn] = None
    try:
        async with asyncio.timeout(within):
            await turn
    except TimeoutError:
        return False
    finally:
        for bell in bells:
            bell.waiting.pop(turn, None)
    return True
