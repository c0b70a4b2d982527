"""Wakes whoever waits for news: at once when it was quiet, and never so often that listeners take the processor."""

from __future__ import annotations

import asyncio
from typing import Final

AT_ONCE: Final = 10
"""Listeners woken in one turn of the loop, about half a millisecond's work. Between two turns everything else goes on:
votes, first of all, of which each needs a dozen turns."""
CALM_SECONDS: Final = 0.02
REST_PER_WORK: Final = 4.0
REST_SECONDS_MAX: Final = 0.4


class Bell:
    """News that come closer together than `calm_seconds` are told together, and more of them the longer telling takes:
    after it comes a rest four times as long, two fifths of a second at the most."""

    def __init__(self, calm_seconds: float = CALM_SECONDS) -> None:
        self._calm_seconds = calm_seconds
        self.waiting: dict[asyncio.Future[bool], None] = {}

    async def ring(self) -> None:
        """Everybody who waits has a turn; returns after the rest."""
        clock = asyncio.get_running_loop().time
        began = clock()
        waiting, self.waiting = list(self.waiting), {}
        for start in range(0, len(waiting), AT_ONCE):
            for turn in waiting[start : start + AT_ONCE]:
                _end(turn, by_bell=True)
            await asyncio.sleep(0)
        work = clock() - began
        await asyncio.sleep(max(self._calm_seconds, min(REST_PER_WORK * work, REST_SECONDS_MAX)))


async def rung(*bells: Bell, within: float | None = None) -> bool:
    """Whether one of the bells rang within so many seconds.

    Who looks for news and waits without awaiting in between misses none. (A timer of the loop's own costs thousands of
    listeners a fraction of `asyncio.timeout`.)"""
    loop = asyncio.get_running_loop()
    turn: asyncio.Future[bool] = loop.create_future()
    for bell in bells:
        bell.waiting[turn] = None
    late = None if within is None else loop.call_later(max(0.0, within), _end, turn)
    try:
        return await turn
    finally:
        if late is not None:
            late.cancel()
        for bell in bells:
            bell.waiting.pop(turn, None)


def _end(turn: asyncio.Future[bool], *, by_bell: bool = False) -> None:
    if not turn.done():
        turn.set_result(by_bell)
