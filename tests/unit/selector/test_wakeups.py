"""Wake-ups and the read model's progress."""

from __future__ import annotations

import asyncio

from carnival.contracts.ids import Position
from selector.adapters.wakeups import NoticedProjection, WakeUps


async def test_a_wake_up_is_kept_until_somebody_waits() -> None:
    wakes = WakeUps()
    wakes.wake()
    wakes.wake()
    assert await wakes.wait(5)
    assert not await wakes.wait(0.01)


async def nowhere() -> Position:
    return Position(0)


async def test_a_notice_ends_the_wait() -> None:
    projection = NoticedProjection(nowhere)
    waiting = asyncio.create_task(projection.reached(Position(7), seconds=5))
    await asyncio.sleep(0)
    projection.notice(Position(6))
    projection.notice(Position(8))
    projection.notice(Position(3))
    assert await waiting
    assert await projection.reached(Position(8), seconds=0)


async def test_the_checkpoint_counts_where_notices_get_lost() -> None:
    async def checkpoint() -> Position:
        return Position(9)

    assert await NoticedProjection(checkpoint).reached(Position(9), seconds=5)


async def test_a_read_model_that_stays_behind_is_waited_for_no_longer_than_asked() -> None:
    assert not await NoticedProjection(nowhere).reached(Position(1), seconds=0.02)
