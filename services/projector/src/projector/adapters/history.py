"""The read model as rescorings read it: one state of it, while the live projection goes on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString

from psycopg import IsolationLevel

from carnival.contracts.ids import Position
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters import loading
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.loading import Connection
from projector.adapters.migrations import schema_exists
from projector.adapters.rating_anew import unpinned_runs
from projector.application.ports import Needs, StoreUnavailable
from projector.domain.read_model import ReadModel, Rescoring
from projector.domain.rows import Run

READING_SECONDS_MAX: Final = 3600.0
STATEMENT_TIMEOUT_MS: Final = 600_000

_PACKAGE = "projector.adapters"


class PostgresFrozen:
    """Implements `FrozenHistory` inside one transaction."""

    def __init__(self, connection: Connection, position: Position, votes: int) -> None:
        self._connection = connection
        self.position = position
        self.votes = votes

    async def runs(self) -> AsyncGenerator[Sequence[Run]]:
        async for run_ids in unpinned_runs(self._connection):
            model = ReadModel()
            await loading.load(self._connection, Needs(runs=set(run_ids)), model)
            yield [model.runs[run_id] for run_id in run_ids]


class PostgresHistory:
    """Implements `History`: a connection of its own for looking, another one for each frozen state."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._looking: Connection | None = None

    async def requested(self) -> list[Rescoring]:
        if self._looking is None or self._looking.closed:
            self._looking = await connect(self._url, LIVE_SCHEMA, name="projector-history")
        async with store_errors():
            if not await schema_exists(self._looking, LIVE_SCHEMA):
                return []
            cursor = await self._looking.execute(load_sql(_PACKAGE, "requested_rescorings"), prepare=False)
            return [Rescoring(*row) for row in await cursor.fetchall()]

    async def close(self) -> None:
        """Give the connection back. Never raises."""
        connection, self._looking = self._looking, None
        await close(connection)

    @asynccontextmanager
    async def frozen(self) -> AsyncGenerator[PostgresFrozen]:
        connection = await connect(
            self._url, LIVE_SCHEMA, name="projector-history", statement_timeout_ms=STATEMENT_TIMEOUT_MS
        )
        try:
            await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            await connection.set_read_only(True)
            async with store_errors(READING_SECONDS_MAX), connection.transaction():
                position = await _number(connection, "read_live_checkpoint")
                yield PostgresFrozen(connection, Position(position), await _number(connection, "votes_standing"))
        finally:
            await close(connection)


async def _number(connection: Connection, query: LiteralString) -> Any:
    cursor = await connection.execute(load_sql(_PACKAGE, query))
    row = await cursor.fetchone()
    if row is None:
        raise StoreUnavailable("the read model holds no checkpoint")
    return row[0]
