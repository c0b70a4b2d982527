"""Waits that end."""

from __future__ import annotations

import asyncio

from carnival.concurrency import is_set_within


async def test_an_event_that_is_set_is_not_waited_for_to_the_end() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    assert await is_set_within(event, 60)


async def test_an_event_that_nobody_sets_is_given_up() -> None:
    assert not await is_set_within(asyncio.Event(), 0.01)
