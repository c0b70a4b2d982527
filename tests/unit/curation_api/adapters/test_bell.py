"""A bell wakes everybody who waits, and lets everything else go on meanwhile."""

from __future__ import annotations

import asyncio

from curation_api.adapters.bell import AT_ONCE, Bell


async def test_everybody_who_waits_is_woken_and_nobody_twice() -> None:
    bell = Bell(0)
    waiting = [asyncio.create_task(bell.wait(20)) for _ in range(3 * AT_ONCE)]
    await asyncio.sleep(0)
    await bell.ring()
    assert await asyncio.gather(*waiting) == [True] * len(waiting)
    assert not await bell.wait(0.01)


async def test_others_have_their_turn_while_thousands_are_woken() -> None:
    bell, order = Bell(0), list[str]()

    async def listen() -> None:
        await bell.wait()
        order.append("listener")

    async def vote() -> None:
        await bell.wait()
        await asyncio.sleep(0)
        order.append("vote")

    tasks = [asyncio.create_task(one) for one in (vote(), *(listen() for _ in range(3 * AT_ONCE)))]
    await asyncio.sleep(0)
    await bell.ring()
    await asyncio.gather(*tasks)
    assert order.index("vote") < 2 * AT_ONCE


async def test_who_went_away_is_forgotten() -> None:
    bell = Bell(0)
    gone = asyncio.create_task(bell.wait())
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait({gone})
    staying = asyncio.create_task(bell.wait(20))
    await asyncio.sleep(0)
    await bell.ring()
    assert await staying
