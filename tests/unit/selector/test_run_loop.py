"""The loop: WRK-1, WRK-2."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from carnival.testing import until
from selector.adapters.wakeups import WakeUps
from selector.application.run_loop import RunLoop


class Passes:
    """Counts passes and fails the first few."""

    def __init__(self, failures: int = 0) -> None:
        self.made: list[bool] = []
        self.failures = failures

    async def __call__(self, *, thorough: bool) -> None:
        self.made.append(thorough)
        if len(self.made) <= self.failures:
            raise ConnectionError("gone")


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_wrk_1_a_wake_up_makes_a_pass_at_once_and_many_make_one() -> None:
    passes, wakes = Passes(), WakeUps()
    task = asyncio.create_task(RunLoop(passes, wakes, interval_seconds=60)())
    await until(lambda: passes.made == [True])
    for _ in range(100):
        wakes.wake()
    await until(lambda: len(passes.made) > 1)
    assert passes.made == [True, False]
    await stopped(task)


async def test_wrk_1_the_timer_makes_thorough_passes() -> None:
    passes = Passes()
    task = asyncio.create_task(RunLoop(passes, WakeUps(), interval_seconds=0.01)())
    await until(lambda: len(passes.made) >= 3)
    assert all(passes.made)
    await stopped(task)


async def test_wrk_2_an_error_ends_one_pass_only() -> None:
    passes = Passes(failures=2)
    loop = RunLoop(passes, WakeUps(), interval_seconds=60)
    task = asyncio.create_task(loop())
    await until(lambda: len(passes.made) == 1)
    with pytest.raises(RuntimeError, match="ConnectionError: gone"):
        await loop.check()
    await until(lambda: len(passes.made) == 3)
    await until(lambda: not task.done())
    await loop.check()
    await stopped(task)
