"""How long Postgres takes for the rows of the read model by itself."""

from __future__ import annotations

import time
from typing import Final

from psycopg.sql import SQL, Identifier

from carnival.postgres import LIVE_SCHEMA
from projector.adapters.connecting import connect
from projector.adapters.loading import Connection
from projector.adapters.migrations import analyze, create_indexes, create_schema, drop_schema, tables_of
from projector.domain.fold import VERSION

SCHEMA: Final = "bare"
TIMEOUT_MS: Final = 600_000


async def bare_writing_seconds(database_url: str) -> float:
    """All rows, as Postgres hands them out, copied into fresh tables of the same shape, indexed and analysed."""
    connection = await connect(database_url, SCHEMA, name="bench", statement_timeout_ms=TIMEOUT_MS)
    try:
        await create_schema(connection, SCHEMA, VERSION)
        tables = {name: await _handed_out(connection, name) for name in await tables_of(connection)}
        started = time.perf_counter()
        async with connection.transaction(), connection.cursor() as cursor:
            for name, blocks in tables.items():
                async with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(SCHEMA, name))) as copy:
                    for block in blocks:
                        await copy.write(block)
        await create_indexes(connection, SCHEMA)
        await analyze(connection)
        return time.perf_counter() - started
    finally:
        await drop_schema(connection, SCHEMA)
        await connection.close()


async def _handed_out(connection: Connection, table: str) -> list[bytes]:
    async with connection.cursor() as cursor:
        query = SQL("COPY {} TO STDOUT").format(Identifier(LIVE_SCHEMA, table))
        async with cursor.copy(query) as copy:
            return [bytes(block) async for block in copy]
