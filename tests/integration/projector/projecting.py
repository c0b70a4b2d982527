"""A projector on a log in memory and a real Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected, VoidNotice
from carnival.log.port import EventLog
from carnival.testing import examples, until
from projector.adapters.row_store import PostgresRows
from projector.adapters.share_place import place_of
from projector.application.fold_in_bulk import FoldInBulk
from projector.application.follow_log import FollowLimits, FollowLog
from projector.application.share import Share
from projector.domain.fold import apply

WAIT_SECONDS = 90


class Heard:
    """Keeps every notice."""

    def __init__(self) -> None:
        self.positions: list[Position] = []
        self.voids: list[VoidNotice] = []

    async def projected(self, notice: Projected) -> None:
        self.positions.append(notice.position)
        self.voids.extend(notice.voids)


class HandsHere:
    """Implements `Hands` with connections of their own, in this process."""

    def __init__(self, log: EventLog, url: str, shares: int, limits: FollowLimits) -> None:
        self._log = log
        self._url = url
        self._shares = shares
        self._limits = limits

    def shares_for(self, events: int) -> int:
        del events
        return self._shares

    async def fold(self, share: Share, until: Position, told: Callable[[Position], None]) -> None:
        async with place_of(self._url, share) as (place, start):
            await FoldInBulk(self._log, place, self._limits, apply, told, start, share)(until)


async def no_rebuild() -> None:
    raise AssertionError("nobody asked for a rebuild")


async def write(log: EventLog, events: Sequence[Event], *, source: str = "test") -> None:
    """Append `events`, each with an id of its own."""
    start = await log.end()
    for number, event in enumerate(events, start + 1):
        await log.append(event, examples.meta(source, event_id=f"e{number}"))


def projector(
    log: EventLog, url: str, *, limits: FollowLimits | None = None, heard: Heard | None = None, schema: str = "carnival"
) -> FollowLog:
    return FollowLog(log, PostgresRows(url, schema), heard or Heard(), no_rebuild, limits)


@asynccontextmanager
async def running(follow: FollowLog) -> AsyncGenerator[asyncio.Task[None]]:
    """The projector at work while the block runs; its error, if any, comes out at the end."""
    task = asyncio.create_task(follow.run())
    try:
        yield task
    finally:
        follow.stop()
        await asyncio.wait_for(task, WAIT_SECONDS)


async def project_all(log: EventLog, url: str, **options: Any) -> Heard:
    """Run a projector until it has everything."""
    heard = Heard()
    follow = projector(log, url, heard=heard, **options)
    end = await log.end()
    async with running(follow) as task:
        await until(lambda: task.done() or follow.position == end, WAIT_SECONDS, "the projection")
    return heard


async def rows(url: str, query: LiteralString, *parameters: object, schema: str = "carnival") -> list[dict[str, Any]]:
    """The answer of one query on the read model."""
    options = f"-c search_path={schema} -c TimeZone=UTC"
    async with await psycopg.AsyncConnection.connect(url, options=options, autocommit=True) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(query, parameters)
        return await cursor.fetchall()


async def everything(url: str, *, schema: str = "carnival") -> dict[str, list[str]]:
    """Every row of every table as text, sorted; the checkpoint included."""
    names = await rows(url, "SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)
    found: dict[str, list[str]] = {}
    for name in sorted(str(row["tablename"]) for row in names):
        query = sql.SQL("SELECT t::text AS row FROM {} AS t").format(sql.Identifier(name))
        options = f"-c search_path={schema} -c TimeZone=UTC"
        async with await psycopg.AsyncConnection.connect(url, options=options, autocommit=True) as connection:
            cursor = await connection.execute(query)
            found[name] = sorted(row[0] for row in await cursor.fetchall())
    return found
