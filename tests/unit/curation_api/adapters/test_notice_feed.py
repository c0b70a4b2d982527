"""Listeners hear the newest about each thing they asked for, in the order it was told, however slow they are."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from carnival.contracts.ids import JobId, Position, RunId
from carnival.contracts.notices import JobProgress
from carnival.testing.memory_log import MemoryEventLog
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.changes import ChangeFilter
from curation_api.adapters.listening import Listening
from curation_api.adapters.notice_feed import NoticeFeed
from curation_api.adapters.notices import Notice, NoticeFilter, NoticeKind, progress_notice, projected_notice

EVERYTHING = NoticeFilter(frozenset(NoticeKind))


@pytest.fixture
async def feed() -> AsyncGenerator[NoticeFeed]:
    feed = NoticeFeed(kept_max=3)
    await feed.start()
    yield feed
    await feed.stop()


def progress(job: str, value: int, run: str = "r1") -> Notice:
    return progress_notice(JobProgress(run_id=RunId(run), job_id=JobId(job), node="n1", value=value, maximum=100))


def listen(feed: NoticeFeed, wanted: NoticeFilter) -> AsyncGenerator[bytes]:
    """Beside a log in which nothing happens."""
    return Listening(ChangeFeed(MemoryEventLog()), feed, 20)(Position(0), ChangeFilter(), wanted)


async def heard(listening: AsyncGenerator[bytes]) -> list[tuple[str, dict[str, Any]]]:
    """What comes next: kinds and data. None of it has an id, or a listener would resume there."""
    async with asyncio.timeout(20):
        text = (await anext(listening)).decode()
    messages = [dict(line.split(": ", 1) for line in one.splitlines()) for one in text.split("\n\n") if one]
    assert all(message.keys() == {"event", "data"} for message in messages)
    return [(message["event"], json.loads(message["data"])) for message in messages]


async def test_who_is_slow_hears_the_newest_of_each_job(feed: NoticeFeed) -> None:
    quick, slow = listen(feed, EVERYTHING), listen(feed, EVERYTHING)
    for value in range(5):
        feed.tell(progress("j1", value))
        feed.tell(progress("j2", 10 * value))
        assert [data["percent"] for _, data in await heard(quick)] == [value, 10 * value]
    assert [(data["job_id"], data["percent"]) for _, data in await heard(slow)] == [("j1", 4), ("j2", 40)]
    await quick.aclose()
    await slow.aclose()


async def test_listeners_hear_only_the_kinds_and_runs_they_name(feed: NoticeFeed) -> None:
    of_run = listen(feed, NoticeFilter(frozenset(NoticeKind), frozenset({"r1"})))
    of_positions = listen(feed, NoticeFilter(frozenset({NoticeKind.PROJECTED}), frozenset({"r1"})))
    feed.tell(progress("j1", 1))
    feed.tell(progress("j2", 1, run="r2"))
    feed.tell(projected_notice(Position(7)))
    assert [kind for kind, _ in await heard(of_run)] == ["progress", "projected"]
    assert await heard(of_positions) == [("projected", {"position": 7})]
    await of_run.aclose()
    await of_positions.aclose()


async def test_what_is_kept_for_the_slow_has_a_bound(feed: NoticeFeed) -> None:
    listening = listen(feed, EVERYTHING)
    for job in range(10):
        feed.tell(progress(f"j{job}", 1))
    assert [data["job_id"] for _, data in await heard(listening)] == ["j7", "j8", "j9"]
    await listening.aclose()
