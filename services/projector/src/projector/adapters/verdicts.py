"""What the live projection made of events, from its own tables."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Final

from psycopg.rows import TupleRow

from carnival.contracts import subjects
from carnival.contracts.envelope import Undecodable
from carnival.contracts.ids import Position, RunId
from carnival.contracts.vote import VoteCast
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.loading import OUTCOMES, Connection
from projector.adapters.migrations import schema_exists
from projector.application.ports import Judged
from projector.domain.rows import StandingVote

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

    async def votes(
        self, run_id: RunId, after: Position, until: Position
    ) -> AsyncGenerator[Sequence[StandingVote | Undecodable]]:
        wanted = {"run_id": run_id, "below": subjects.all_of_run(run_id).removesuffix(">") + "%", "until": until}
        place = subjects.one_of_run(run_id, VoteCast)
        while found := await self._portion(wanted | {"after": after}):
            yield [_vote(place, *row) for row in found]
            after = found[-1][0]

    async def _portion(self, wanted: Mapping[str, object]) -> Sequence[TupleRow]:
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


def _vote(place: str, position: Position, *row: Any) -> StandingVote | Undecodable:
    vote_id, order, voter, left, right, outcome, milliseconds, guest_link, cast_at = row
    if vote_id is None:
        return Undecodable(position, place, "without effect", b"", {})
    return StandingVote(
        position, vote_id, order, voter, left, right, OUTCOMES[outcome], milliseconds, guest_link, cast_at
    )
