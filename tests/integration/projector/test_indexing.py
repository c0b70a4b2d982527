"""Which indexes the tables of a rebuild have, and when."""

from __future__ import annotations

import asyncio
from typing import Final

import psycopg
import pytest
from integration.projector.projecting import Heard, project_all, rows, write
from psycopg.sql import SQL, Identifier
from unit.projector.histories import history

from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.building_site import NEXT_SCHEMA, PostgresSite
from projector.adapters.connecting import close, connect
from projector.adapters.migrations import create_indexes
from projector.application.follow_log import FollowLimits
from projector.application.memory import MemoryLimits
from projector.application.rebuild import Rebuild, RebuildProgress

OF_RUNS: Final = {"candidates_run", "votes_run", "votes_guests"}


class PlugPulled(Exception):
    pass


class Watched:
    """Hears of a rebuild's progress, and looks which indexes there are while it folds; may cut it off."""

    def __init__(self, url: str, *, cut_off_behind: int | None = None) -> None:
        self._url = url
        self._cut_off_behind = cut_off_behind
        self.start: int | None = None
        self.while_folding: list[set[str]] = []

    def __call__(self, progress: RebuildProgress) -> None:
        if progress.phase != "folding":
            return
        if self.start is None:
            self.start = progress.position
            return
        with psycopg.connect(self._url) as session:
            found = session.execute(
                "SELECT indexname FROM pg_indexes WHERE schemaname = %s AND indexname !~ '_p?key$'", (NEXT_SCHEMA,)
            )
            self.while_folding.append({name for (name,) in found})
        if self._cut_off_behind is not None and progress.position > self._cut_off_behind:
            raise PlugPulled


async def indexes(url: str, schema: str = "carnival") -> list[str]:
    found = await rows(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY indexdef", schema)
    return [str(row["indexdef"]) for row in found]


async def test_an_interrupted_rebuild_goes_on_with_the_indexes_of_runs_alone_and_ends_with_all(
    postgres_url: str,
) -> None:
    log = MemoryEventLog()
    await write(log, history(36, 600, runs=3))
    await project_all(log, postgres_url)
    live = await indexes(postgres_url)
    limits = FollowLimits(bulk_batch_max=7, insert_every=20, keep_every=60)
    first, second = Watched(postgres_url, cut_off_behind=300), Watched(postgres_url)
    with pytest.raises(PlugPulled):
        await Rebuild(log, PostgresSite(postgres_url), Heard(), first, limits)()
    assert all(found == set() for found in first.while_folding)
    await Rebuild(log, PostgresSite(postgres_url), Heard(), second, limits)()
    assert second.start
    assert second.while_folding
    assert all(found == OF_RUNS for found in second.while_folding)
    assert await indexes(postgres_url) == live


async def test_runs_that_rested_are_loaded_by_the_indexes_of_runs_alone(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(37, 600, runs=3))
    await project_all(log, postgres_url)
    live = await indexes(postgres_url)
    limits = FollowLimits(bulk_batch_max=17, insert_every=50, memory=MemoryLimits(rows_max=1))
    watched = Watched(postgres_url)
    await Rebuild(log, PostgresSite(postgres_url), Heard(), watched, limits)()
    assert watched.while_folding[-1] == OF_RUNS
    assert await indexes(postgres_url) == live


async def test_many_may_make_the_indexes_at_once(postgres_url: str) -> None:
    await project_all(MemoryEventLog(), postgres_url)
    live = await indexes(postgres_url)
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as session:
        for name in OF_RUNS:
            await session.execute(SQL("DROP INDEX carnival.{}").format(Identifier(name)))
    sessions = [await connect(postgres_url, "carnival") for _ in range(4)]
    try:
        await asyncio.gather(*(create_indexes(session, "carnival") for session in sessions))
    finally:
        for session in sessions:
            await close(session)
    assert await indexes(postgres_url) == live
