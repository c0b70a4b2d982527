"""The read model in Postgres, written by one projector at a time."""

from __future__ import annotations

from typing import Final

from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters import loading
from projector.adapters.connecting import ANSWER_TIMEOUT_SECONDS, close, connect, store_errors
from projector.adapters.loading import Connection
from projector.adapters.migrations import create_indexes, create_schema, let_read, schema_exists
from projector.adapters.rating_anew import rate_anew
from projector.adapters.writing import insert_statement, inserts, updates
from projector.application.ports import AnotherProjector, Checkpoint, Needs, Outcome, StoreUnavailable
from projector.domain.fold import VERSION
from projector.domain.read_model import ReadModel

PARKED_LOOKED_AT: Final = 1000
RATING_TIMEOUT_SECONDS: Final = 1800.0

_PACKAGE = "projector.adapters"


class PostgresRows:
    """Implements `RowStore` on one connection of its own.

    The session's advisory lock keeps a second projector idle. It goes with the connection, silently; so the checkpoint
    is moved by compare-and-set in every transaction, and that alone keeps the rows right. Tables that are not `indexed`
    are made to be filled; somebody else makes their indexes.
    """

    def __init__(
        self, url: str, schema: str = LIVE_SCHEMA, *, read_role: str | None = None, indexed: bool = True
    ) -> None:
        self._url = url
        self._schema = schema
        self._read_role = read_role
        self._indexed = indexed
        self._connection: Connection | None = None

    async def open(self) -> bool:
        if self._connection is None:
            self._connection = await connect(self._url, self._schema)
        async with store_errors():
            cursor = await self._connection.execute(load_sql(_PACKAGE, "lock_projector"), (self._schema,))
            row = await cursor.fetchone()
        return bool(row and row[0])

    async def checkpoint(self) -> Checkpoint:
        connection = self._opened()
        async with store_errors(), connection.transaction():
            if not await schema_exists(connection, self._schema):
                await create_schema(connection, self._schema, VERSION)
                if self._indexed:
                    await create_indexes(connection, self._schema)
            if self._read_role:
                await let_read(connection, self._schema, self._read_role)
            cursor = await connection.execute(load_sql(_PACKAGE, "read_checkpoint"), (PARKED_LOOKED_AT,))
            row = await cursor.fetchone()
        if row is None:
            raise StoreUnavailable(f"schema {self._schema} holds no checkpoint")
        return Checkpoint(*row)

    async def load(self, needs: Needs, model: ReadModel) -> None:
        async with store_errors():
            await loading.load(self._opened(), needs, model)

    async def write(self, outcome: Outcome) -> None:
        connection = self._opened()
        seconds = RATING_TIMEOUT_SECONDS if outcome.changes.promotion else ANSWER_TIMEOUT_SECONDS
        async with store_errors(seconds), connection.pipeline() as pipeline, connection.transaction():
            moved = await connection.execute(
                load_sql(_PACKAGE, "move_checkpoint"), (outcome.after, outcome.before, VERSION), prepare=True
            )
            await pipeline.sync()
            if moved.rowcount != 1:
                raise AnotherProjector(f"the checkpoint is no longer at {outcome.before}")
            for new in inserts(outcome):
                if new.rows:
                    await connection.execute(*insert_statement(new), prepare=True)
            for statement in updates(outcome):
                await connection.execute(*statement, prepare=True)
            if outcome.changes.promotion:
                await rate_anew(connection)
            await pipeline.sync()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        await close(connection)

    def _opened(self) -> Connection:
        if self._connection is None or self._connection.closed:
            raise StoreUnavailable("the connection is not open")
        return self._connection
