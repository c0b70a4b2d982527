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
from curation_api.adapters.listening import Listening
from curation_api.adapters.notice_feed import NoticeFeed
from curation_api.adapters.notices import NoticeFilter, NoticeKind, projected_notice


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


def listen(
    feed: ChangeFeed, after: int, wanted: ChangeFilter | None = None, heartbeat_seconds: float = 20
) -> AsyncGenerator[bytes]:
    return Listening(feed, NoticeFeed(), heartbeat_seconds)(
        Position(after), wanted or ChangeFilter(), NoticeFilter(frozenset())
    )


async def heard(feed: ChangeFeed, after: int, count: int, wanted: ChangeFilter | None = None) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(20), aclosing(listen(feed, after, wanted)) as pieces:
        async for piece in pieces:
            found += [int(number) for number in re.findall(rb"^id: (\d+)\nevent: change$", piece, re.MULTILINE)]
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


async def test_a_position_that_the_log_has_not_reached_is_waited_for_a_while(
    log: MemoryEventLog, feed: ChangeFeed
) -> None:
    assert await feed.reaches(Position(5), 0)
    assert not await feed.reaches(Position(6), 0.01)
    waiting = asyncio.create_task(feed.reaches(Position(6), 20))
    await asyncio.sleep(0)
    await write(log, 1)
    assert await waiting


async def test_silence_is_told_from_loss_by_heartbeats(feed: ChangeFeed) -> None:
    async with asyncio.timeout(20), aclosing(listen(feed, 5, heartbeat_seconds=0.01)) as pieces:
        assert await anext(pieces) == b": heartbeat\nid: 5\n\n"


async def test_who_hears_nothing_of_a_busy_log_is_told_so_and_comes_along(
    log: MemoryEventLog, feed: ChangeFeed
) -> None:
    """Else a proxy ends a line that looks dead, and who comes back begins where it was long ago."""

    async def keep_writing() -> None:
        while True:
            await write(log, 1)
            await asyncio.sleep(0)

    wanted = ChangeFilter(run_ids=frozenset({"nobody"}))
    writing = asyncio.create_task(keep_writing())
    async with asyncio.timeout(20), aclosing(listen(feed, 5, wanted, heartbeat_seconds=0.2)) as pieces:
        first, second = [int((await anext(pieces)).removeprefix(b": heartbeat\nid: ")) for _ in range(2)]
    writing.cancel()
    assert 5 < first < second


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


async def test_listeners_at_one_place_are_sent_the_very_same_piece(log: MemoryEventLog, feed: ChangeFeed) -> None:
    listeners = [listen(feed, 5) for _ in range(3)]
    await write(log, 1)
    async with asyncio.timeout(20):
        pieces = [await anext(listener) for listener in listeners]
    assert pieces[0] is pieces[1] is pieces[2]
    for listener in listeners:
        await listener.aclose()


async def test_a_listener_hears_changes_and_the_notices_it_asked_for(log: MemoryEventLog, feed: ChangeFeed) -> None:
    notices = NoticeFeed()
    await notices.start()
    beside = NoticeFilter(frozenset({NoticeKind.PROJECTED}))
    listening = Listening(feed, notices, 20)(Position(5), ChangeFilter(), beside)
    async with asyncio.timeout(20), aclosing(listening) as pieces:
        await write(log, 1)
        assert (await anext(pieces)).startswith(b"id: 6\nevent: change\n")
        notices.tell(projected_notice(Position(6)))
        assert await anext(pieces) == b'event: projected\ndata: {"position":6}\n\n'
        await write(log, 1)
        assert (await anext(pieces)).startswith(b"id: 7\n")
    await notices.stop()
