"""A read model under construction: schema `carnival_next` beside `carnival`."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.subjects import ROOT
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.digest import take_digest
from projector.adapters.loading import Connection
from projector.adapters.migrations import (
    analyze,
    create_index,
    drop_schema,
    let_read,
    other_indexes,
    run_indexes,
    schema_exists,
    tables_of,
    vacuum,
)
from projector.adapters.rating_anew import rate_anew
from projector.adapters.row_store import RATING_TIMEOUT_SECONDS, PostgresRows
from projector.adapters.share_place import (
    NEXT_SCHEMA,
    PATIENCE_SECONDS,
    STATEMENT_TIMEOUT_MS,
    PostgresShare,
    connect_to_site,
    positions_of_shares,
)
from projector.adapters.sharing_out import share_out
from projector.application.ports import NewerFold, ReadModelDigest, StoreUnavailable
from projector.application.rebuild_ports import RebuildUnderWay
from projector.application.share import Share
from projector.domain.fold import VERSION

PREVIOUS_SCHEMA: Final = f"{LIVE_SCHEMA}_previous"
LOCK_SECONDS: Final = 2.0
"""The server frees the locks of a rebuild that was killed, or has just ended, a moment later."""
SHARE_LOCKS_SECONDS: Final = 60.0
"""Those of a share whose process was killed while the server made an index for it, when that is done."""
LOCK_PAUSE_SECONDS: Final = 0.1
RUN_IN_SUBJECT: Final = rf"^{re.escape(ROOT)}\.run\.([^.]*)"
"""A regular expression, as Postgres and Python read it, whose group is the run of a subject (see `run_of`)."""

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

    async def prepare(self, *, anew: bool = False) -> Position:
        await _got(self._rows.open, LOCK_SECONDS, "another rebuild is running")
        await close(self._connection)
        connection = self._connection = await connect_to_site(self._url, "projector-rebuild")
        shares_end = partial(_nobody_holds_a_share, connection)
        await _got(shares_end, SHARE_LOCKS_SECONDS, "a process of an earlier rebuild is still at work")
        await self._live.open()
        live = await self._live.checkpoint()
        await self._live.close()
        if live.fold > VERSION:
            raise NewerFold(f"the rows are of fold {live.fold}, this projector has {VERSION}")
        async with store_errors(PATIENCE_SECONDS):
            if await schema_exists(connection, NEXT_SCHEMA) and (
                anew or (await self._rows.checkpoint()).fold != VERSION
            ):
                await drop_schema(connection, NEXT_SCHEMA)
            kept = await self._rows.checkpoint()
            async with connection.transaction():
                await connection.execute(load_sql(_PACKAGE, "begin_shares"))
                await connection.execute(load_sql(_PACKAGE, "trim_behind_checkpoint"), {"run": RUN_IN_SUBJECT})
        return kept.position

    async def divide(self, shares: int) -> Sequence[Position]:
        connection = self._opened()
        async with store_errors():
            if len(set(await positions_of_shares(connection))) == 1:
                await connection.execute(load_sql(_PACKAGE, "divide_shares"), {"shares": shares})
            return await positions_of_shares(connection)

    def place(self, share: Share) -> PostgresShare:
        return PostgresShare(self._opened(), share)

    async def unite(self, position: Position) -> None:
        connection = self._opened()
        async with store_errors(), connection.transaction():
            await connection.execute(load_sql(_PACKAGE, "set_checkpoint"), (position,))
            await connection.execute(load_sql(_PACKAGE, "unite_shares"))

    async def index(self) -> None:
        statements = (*run_indexes(), *other_indexes())
        async with store_errors(PATIENCE_SECONDS):
            await self._share_out(partial(create_index, schema=NEXT_SCHEMA, statement=one) for one in statements)

    async def rate_anew(self) -> None:
        connection = self._opened()
        async with store_errors(RATING_TIMEOUT_SECONDS), connection.transaction():
            await rate_anew(connection)

    async def tidy(self) -> None:
        async with store_errors():
            tables = await tables_of(self._opened())
            await self._share_out([*(partial(analyze, tables=[name]) for name in tables), vacuum])

    async def _share_out(self, pieces: Iterable[Callable[[Connection], Awaitable[None]]]) -> None:
        """One session would leave a core idle."""
        second = await connect_to_site(self._url, "projector-rebuild-second")
        try:
            await share_out(pieces, (self._opened(), second))
        finally:
            await close(second)

    async def digest(self) -> ReadModelDigest:
        return await take_digest(self._url, NEXT_SCHEMA)

    async def clear(self) -> None:
        async with store_errors(PATIENCE_SECONDS):
            await drop_schema(self._opened(), NEXT_SCHEMA)

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


async def _got(attempt: Callable[[], Awaitable[bool]], seconds: float, otherwise: str) -> None:
    """Raises RebuildUnderWay when the time is over."""
    end = time.monotonic() + seconds
    while not await attempt():
        if time.monotonic() > end:
            raise RebuildUnderWay(otherwise)
        await asyncio.sleep(LOCK_PAUSE_SECONDS)


async def _nobody_holds_a_share(connection: Connection) -> bool:
    async with store_errors():
        cursor = await connection.execute(load_sql(_PACKAGE, "lock_shares"), {"schema": NEXT_SCHEMA})
        row = await cursor.fetchone()
    return bool(row and row[0])


async def drop_previous(url: str) -> None:
    """Give up the rows that the last rebuild replaced. Raises StoreUnavailable."""
    connection = await connect(url, LIVE_SCHEMA, name="projector-drop", statement_timeout_ms=STATEMENT_TIMEOUT_MS)
    try:
        async with store_errors(PATIENCE_SECONDS):
            await drop_schema(connection, PREVIOUS_SCHEMA)
    finally:
        await close(connection)


async def _let_the_same_read(connection: Connection) -> None:
    """Roles that may use the live schema may read the new one as well."""
    cursor = await connection.execute(load_sql(_PACKAGE, "live_readers"))
    for (role,) in await cursor.fetchall():
        await let_read(connection, NEXT_SCHEMA, role)
