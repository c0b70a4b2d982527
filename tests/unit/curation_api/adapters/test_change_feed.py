"""Listeners see every entry once, in order, however late or slow they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from carnival.contracts.ids import Position
from carnival.contracts.run import RunPaused
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.log_page import change_line


@pytest.fixture
async def log() -> MemoryEventLog:
    log = MemoryEventLog()
    await write(log, 5)
    return log


@pytest.fixture
async def feed(log: MemoryEventLog) -> AsyncGenerator[ChangeFeed]:
    feed = ChangeFeed(log)
    await feed.start()
    yield feed
    await feed.stop()


async def write(log: MemoryEventLog, count: int) -> None:
    for _ in range(count):
        await log.append(RunPaused(run_id=examples.RUN), examples.meta())


async def heard(feed: ChangeFeed, after: int, count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(5), aclosing(feed.listen(Position(after), heartbeat_seconds=5)) as batches:
        async for batch in batches:
            found += [entry.position for entry in batch]
            if len(found) >= count:
                return found
    return found


async def test_a_late_listener_reads_what_was_before_the_start(log: MemoryEventLog, feed: ChangeFeed) -> None:
    listening = asyncio.create_task(heard(feed, 2, 6))
    await write(log, 3)
    assert await listening == [3, 4, 5, 6, 7, 8]


async def test_many_listeners_hear_the_same(log: MemoryEventLog, feed: ChangeFeed) -> None:
    listening = [asyncio.create_task(heard(feed, 5, 4)) for _ in range(20)]
    await write(log, 4)
    assert await asyncio.gather(*listening) == [[6, 7, 8, 9]] * 20


async def test_who_is_slower_than_what_is_kept_reads_the_log(log: MemoryEventLog) -> None:
    feed = ChangeFeed(log, kept_max=3)
    await feed.start()
    await write(log, 10)
    assert await heard(feed, 0, 15) == list(range(1, 16))
    assert await heard(feed, 6, 9) == list(range(7, 16))
    await feed.stop()


async def test_silence_is_told_from_loss_by_heartbeats(feed: ChangeFeed) -> None:
    async with asyncio.timeout(5), aclosing(feed.listen(Position(5), heartbeat_seconds=0.01)) as batches:
        assert await anext(batches) == ()


async def test_changes_of_one_run_are_told_from_others(log: MemoryEventLog) -> None:
    entry = await log.at(Position(2))
    assert entry is not None
    assert change_line([entry], None).startswith("id: 2\nevent: change\ndata: {")
    assert change_line([entry], "other") == ""
