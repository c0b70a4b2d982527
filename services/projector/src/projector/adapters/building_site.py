"""A read model under construction: schema `carnival_next` beside `carnival`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from itertools import islice
from typing import Final

from psycopg.sql import SQL, Identifier

from carnival.contracts.ids import Position
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters import loading
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.literals import copy_lines
from projector.adapters.loading import Connection
from projector.adapters.migrations import analyze, create_indexes, drop_schema, let_read, schema_exists
from projector.adapters.rating_anew import rate_anew
from projector.adapters.row_store import RATING_TIMEOUT_SECONDS, PostgresRows
from projector.adapters.writing import Inserts, inserts, updates
from projector.application.ports import (
    Checkpoint,
    Needs,
    NewerFold,
    Outcome,
    RebuildUnderWay,
    StoreUnavailable,
)
from projector.domain.fold import VERSION
from projector.domain.read_model import ReadModel

NEXT_SCHEMA: Final = f"{LIVE_SCHEMA}_next"
PREVIOUS_SCHEMA: Final = f"{LIVE_SCHEMA}_previous"
LINES_AT_ONCE: Final = 2_000
STATEMENT_TIMEOUT_MS: Final = 600_000
LOCK_TRIES: Final = 20
LOCK_PAUSE_SECONDS: Final = 0.1

_PACKAGE = "projector.adapters"


class PostgresSite:
    """Implements `BuildingSite`."""

    def __init__(self, url: str, *, read_role: str | None = None) -> None:
        self._url = url
        self._live = PostgresRows(url, LIVE_SCHEMA, read_role=read_role)
        self._rows = PostgresRows(url, NEXT_SCHEMA, read_role=read_role, indexed=False)
        self._connection: Connection | None = None

    @property
    def rows(self) -> PostgresRows:
        return self._rows

    async def prepare(self, *, anew: bool = False) -> Checkpoint:
        await self._take_lock()
        if self._connection is None:
            self._connection = await connect(
                self._url, NEXT_SCHEMA, name="projector-rebuild", statement_timeout_ms=STATEMENT_TIMEOUT_MS
            )
        if anew or not await self._keeps_leftovers(self._connection):
            async with store_errors():
                await drop_schema(self._connection, NEXT_SCHEMA)
        await self._live.open()
        live = await self._live.checkpoint()
        await self._live.close()
        if live.fold > VERSION:
            raise NewerFold(f"the rows are of fold {live.fold}, this projector has {VERSION}")
        return await self._rows.checkpoint()

    async def _take_lock(self) -> None:
        """The server frees the lock of a rebuild that was killed, or has just ended, a moment later. Raises
        RebuildUnderWay."""
        for _ in range(LOCK_TRIES):
            if await self._rows.open():
                return
            await asyncio.sleep(LOCK_PAUSE_SECONDS)
        raise RebuildUnderWay("another rebuild is running")

    async def _keeps_leftovers(self, connection: Connection) -> bool:
        """Whether this fold has filled tables here before; they are as of their checkpoint again."""
        async with store_errors(STATEMENT_TIMEOUT_MS / 1000):
            if not await schema_exists(connection, NEXT_SCHEMA):
                return False
            left = await self._rows.checkpoint()
            if left.fold != VERSION or not left.position:
                return False
            await connection.execute(load_sql(_PACKAGE, "trim_behind_checkpoint"))
        return True

    async def load(self, needs: Needs, model: ReadModel) -> None:
        async with store_errors():
            await loading.load(self._opened(), needs, model)

    def insert(self, outcome: Outcome) -> Coroutine[None, None, None]:
        return self._copy([new for new in inserts(outcome) if new.rows])

    async def _copy(self, tables: list[Inserts]) -> None:
        connection = self._opened()
        async with store_errors(), connection.transaction(), connection.cursor() as cursor:
            for new in tables:
                async with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(new.table))) as copy:
                    rows = iter(new.rows)
                    while some := list(islice(rows, LINES_AT_ONCE)):
                        await copy.write(copy_lines(some))

    async def update(self, outcome: Outcome) -> None:
        connection = self._opened()
        async with store_errors(), connection.transaction():
            for statement in updates(outcome):
                await connection.execute(*statement)
            await connection.execute(load_sql(_PACKAGE, "set_checkpoint"), (outcome.after,))

    async def index(self) -> None:
        async with store_errors(STATEMENT_TIMEOUT_MS / 1000):
            await create_indexes(self._opened(), NEXT_SCHEMA)

    async def rate_anew(self) -> None:
        connection = self._opened()
        async with store_errors(RATING_TIMEOUT_SECONDS), connection.transaction():
            await rate_anew(connection)

    async def tidy(self) -> None:
        async with store_errors():
            await analyze(self._opened())
            await self._opened().execute(load_sql(_PACKAGE, "vacuum"))

    @asynccontextmanager
    async def swap(self) -> AsyncGenerator[Position]:
        connection = self._opened()
        async with store_errors(), connection.transaction():
            await connection.execute(load_sql(_PACKAGE, "hold_live_checkpoint"))
            cursor = await connection.execute(load_sql(_PACKAGE, "read_live_checkpoint"))
            row = await cursor.fetchone()
            if row is None:
                raise StoreUnavailable("the live read model holds no checkpoint")
            yield Position(row[0])
            await _let_the_same_read(connection)
            await connection.execute(load_sql(_PACKAGE, "swap_schemas"))

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        await close(connection)
        await self._live.close()
        await self._rows.close()

    def _opened(self) -> Connection:
        if self._connection is None or self._connection.closed:
            raise StoreUnavailable("the connection is not open")
        return self._connection


async def drop_previous(url: str) -> None:
    """Give up the rows that the last rebuild replaced. Raises StoreUnavailable."""
    connection = await connect(url, LIVE_SCHEMA, name="projector-drop", statement_timeout_ms=STATEMENT_TIMEOUT_MS)
    try:
        async with store_errors(STATEMENT_TIMEOUT_MS / 1000):
            await drop_schema(connection, PREVIOUS_SCHEMA)
    finally:
        await close(connection)


async def _let_the_same_read(connection: Connection) -> None:
    """Roles that may use the live schema may read the new one as well."""
    cursor = await connection.execute(load_sql(_PACKAGE, "live_readers"))
    for (role,) in await cursor.fetchall():
        await let_read(connection, NEXT_SCHEMA, role)
