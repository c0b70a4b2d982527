"""Listeners see every entry once, in order, however late or slow they are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunPaused, RunResumed
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.changes import ChangeFilter


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


async def heard(feed: ChangeFeed, after: int, count: int, wanted: ChangeFilter | None = None) -> list[int]:
    found: list[int] = []
    async with (
        asyncio.timeout(20),
        aclosing(feed.listen(Position(after), heartbeat_seconds=5, wanted=wanted)) as batches,
    ):
        async for sent in batches:
            found += [int(number) for number in re.findall(r"^id: (\d+)$", sent.text, re.MULTILINE)]
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
        assert await anext(batches) == (5, "")


async def test_listeners_hear_only_the_runs_and_types_they_name(log: MemoryEventLog, feed: ChangeFeed) -> None:
    other = RunId("other")
    await log.append(RunPaused(run_id=other), examples.meta())
    await log.append(RunResumed(run_id=other), examples.meta())
    await log.append(RunResumed(run_id=examples.RUN), examples.meta())
    for after in (0, 5):
        assert await heard(feed, after, 2, ChangeFilter(run_ids=frozenset({other}))) == [6, 7]
        assert await heard(feed, after, 2, ChangeFilter(types=frozenset({"RunResumed"}))) == [7, 8]
        both = ChangeFilter(frozenset({other, "third"}), frozenset({"RunResumed"}))
        assert await heard(feed, after, 1, both) == [7]


async def test_a_listener_for_whom_there_is_nothing_still_comes_along(log: MemoryEventLog, feed: ChangeFeed) -> None:
    wanted = ChangeFilter(run_ids=frozenset({"nobody"}))
    listening = feed.listen(Position(0), heartbeat_seconds=0.05, wanted=wanted)
    await write(log, 3)
    async with asyncio.timeout(20), aclosing(listening) as batches:
        async for sent in batches:
            assert sent.text == ""
            if sent.position == 8:
                return


async def test_listeners_at_one_place_are_sent_the_very_same_text(log: MemoryEventLog, feed: ChangeFeed) -> None:
    listeners = [feed.listen(Position(5), heartbeat_seconds=5) for _ in range(3)]
    await write(log, 1)
    async with asyncio.timeout(20):
        texts = [(await anext(listener)).text for listener in listeners]
    assert texts[0] is texts[1] is texts[2]
    for listener in listeners:
        await listener.aclose()
