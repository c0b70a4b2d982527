"""What the live projection made of events, from its own tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any, Final

from psycopg.rows import TupleRow

from carnival.concurrency import end_tasks
from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Metadata, Recorded, Undecodable
from carnival.contracts.ids import EventId, Position, RunId, VoteId
from carnival.contracts.vote import VoteCast
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.loading import Connection
from projector.adapters.migrations import schema_exists
from projector.application.ports import Judged

NOTHING_JUDGED: Final = Judged(Position(0), frozenset())
VOTES_AT_ONCE: Final = 2_000


_PACKAGE = "projector.adapters"


class PostgresVerdicts:
    """Implements `Verdicts` on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    async def about(self, run_id: RunId, subjects: Sequence[str]) -> Judged:
        connection = await self._opened()
        below = [subject.removesuffix(">") + "%" for subject in subjects]
        async with store_errors():
            if not await schema_exists(connection, LIVE_SCHEMA):
                return NOTHING_JUDGED
            cursor = await connection.execute(
                load_sql(_PACKAGE, "judged"), {"run_id": run_id, "subjects": below}, prepare=False
            )
            row = await cursor.fetchone()
        return NOTHING_JUDGED if row is None else Judged(row[0], frozenset(row[1]))

    async def votes(self, run_id: RunId, after: Position, until: Position) -> AsyncGenerator[Sequence[LogEntry]]:
        wanted = {"run_id": run_id, "below": subjects.all_of_run(run_id).removesuffix(">") + "%", "until": until}
        entry_of, coming = _entries(run_id), asyncio.create_task(self._portion(wanted | {"after": after}))
        try:
            while found := await coming:
                coming = asyncio.create_task(self._portion(wanted | {"after": found[-1][0]}))
                yield [entry_of(*row) for row in found]
        finally:
            await end_tasks([coming])

    async def _portion(self, wanted: Mapping[str, object]) -> Sequence[TupleRow]:
        """The next ones; read while those before them are looked at."""
        connection = await self._opened()
        async with store_errors():
            cursor = await connection.execute(
                load_sql(_PACKAGE, "votes_of_run"), {**wanted, "limit": VOTES_AT_ONCE}, prepare=False
            )
            return await cursor.fetchall()

    async def _opened(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._url, LIVE_SCHEMA, name="projector-verdicts")
        return self._connection

    async def close(self) -> None:
        """Give the connection back. Never raises."""
        connection, self._connection = self._connection, None
        await close(connection)


def _entries(run_id: RunId) -> Callable[..., LogEntry]:
    """What makes a log entry of this run from a row."""
    place = subjects.one_of_run(run_id, VoteCast)

    def entry(position: Position, vote_id: str | None, *row: Any) -> LogEntry:
        if vote_id is None:
            return Undecodable(position, place, "without effect", b"", {})
        order, voter, left, right, outcome, milliseconds, guest_link, cast_at = row
        vote = VoteCast(
            vote_id=VoteId(vote_id),
            run_id=run_id,
            step_order=order,
            voter=voter,
            left_id=left,
            right_id=right,
            outcome=outcome,
            milliseconds=milliseconds,
            guest_link=guest_link,
        )
        meta = Metadata(event_id=EventId(vote_id), source="", time=cast_at, correlation_id=vote_id, actor=voter)
        return Recorded(vote, meta, position, place)

    return entry
