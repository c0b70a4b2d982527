"""A fingerprint of the read model, the same for the same rows."""

from __future__ import annotations

import hashlib
from typing import Final

from psycopg import IsolationLevel
from psycopg.sql import SQL, Identifier

from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.loading import Connection
from projector.adapters.migrations import tables_of
from projector.application.ports import ReadModelDigest, StoreUnavailable, TableDigest

STATEMENT_TIMEOUT_MS: Final = 600_000

_PACKAGE = "projector.adapters"


async def take_digest(url: str, schema: str = LIVE_SCHEMA) -> ReadModelDigest:
    """The digest of one consistent state. Raises StoreUnavailable."""
    connection = await connect(url, schema, name="projector-digest", statement_timeout_ms=STATEMENT_TIMEOUT_MS)
    try:
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        await connection.set_read_only(True)
        async with store_errors(seconds=STATEMENT_TIMEOUT_MS / 1000), connection.transaction():
            cursor = await connection.execute(load_sql(_PACKAGE, "read_checkpoint"), (0,))
            row = await cursor.fetchone()
            if row is None:
                raise StoreUnavailable(f"schema {schema} holds no checkpoint")
            tables = {name: await _digest_of(connection, name) for name in await tables_of(connection)}
    finally:
        await close(connection)
    return ReadModelDigest(row[0], tables, _whole(tables))


async def _digest_of(connection: Connection, table: str) -> TableDigest:
    query = SQL(load_sql(_PACKAGE, "digest_table")).format(table=Identifier(table))
    cursor = await connection.execute(query)
    row = await cursor.fetchone()
    assert row is not None
    return TableDigest(row[0], row[1])


def _whole(tables: dict[str, TableDigest]) -> str:
    lines = [f"{name} {table.rows} {table.digest}" for name, table in sorted(tables.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
