"""What the live projection made of events, from its own tables."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.ids import Position, RunId
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.loading import Connection
from projector.adapters.migrations import schema_exists
from projector.application.ports import Judged

NOTHING_JUDGED = Judged(Position(0), frozenset())


class PostgresVerdicts:
    """Implements `Verdicts` on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None

    async def about(self, run_id: RunId, subjects: Sequence[str]) -> Judged:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._url, LIVE_SCHEMA, name="projector-verdicts")
        below = [subject.removesuffix(">") + "%" for subject in subjects]
        async with store_errors():
            if not await schema_exists(self._connection, LIVE_SCHEMA):
                return NOTHING_JUDGED
            cursor = await self._connection.execute(
                load_sql("projector.adapters", "judged"), {"run_id": run_id, "subjects": below}, prepare=False
            )
            row = await cursor.fetchone()
        return NOTHING_JUDGED if row is None else Judged(row[0], frozenset(row[1]))

    async def close(self) -> None:
        """Give the connection back. Never raises."""
        connection, self._connection = self._connection, None
        await close(connection)
