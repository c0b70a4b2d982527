"""A bell wakes everybody who waits, and lets everything else go on meanwhile."""

from __future__ import annotations

import asyncio

from curation_api.adapters.bell import AT_ONCE, Bell, rung


async def test_everybody_who_waits_is_woken_and_nobody_twice() -> None:
    bell = Bell(0)
    waiting = [asyncio.create_task(rung(bell, within=20)) for _ in range(3 * AT_ONCE)]
    await asyncio.sleep(0)
    await bell.ring()
    assert await asyncio.gather(*waiting) == [True] * len(waiting)
    assert not await rung(bell, within=0.01)


async def test_others_have_their_turn_while_thousands_are_woken() -> None:
    bell, order = Bell(0), list[str]()

    async def listen() -> None:
        await rung(bell)
        order.append("listener")

    async def vote() -> None:
        await rung(bell)
        await asyncio.sleep(0)
        order.append("vote")

    tasks = [asyncio.create_task(one) for one in (vote(), *(listen() for _ in range(3 * AT_ONCE)))]
    await asyncio.sleep(0)
    await bell.ring()
    await asyncio.gather(*tasks)
    assert order.index("vote") < 2 * AT_ONCE


async def test_who_went_away_is_forgotten() -> None:
    bell = Bell(0)
    gone = asyncio.create_task(rung(bell))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait({gone})
    staying = asyncio.create_task(rung(bell, within=20))
    await asyncio.sleep(0)
    await bell.ring()
    assert await staying


async def test_who_waits_for_several_is_woken_by_any_and_forgotten_by_all() -> None:
    bells = Bell(0), Bell(0)
    for one in bells:
        waiting = asyncio.create_task(rung(*bells, within=20))
        await asyncio.sleep(0)
        await one.ring()
        assert await waiting
    assert not bells[0].waiting
    assert not bells[1].waiting
