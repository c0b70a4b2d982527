"""The tables. There is one version of them: a change of shape comes with a new fold, and that means a rebuild."""

from __future__ import annotations

from typing import LiteralString

from psycopg.sql import SQL, Identifier

from carnival.postgres import load_sql
from projector.adapters.loading import Connection
from projector.application.ports import UnsuitableDatabase

_PACKAGE = "projector.adapters"


async def schema_exists(connection: Connection, schema: str) -> bool:
    cursor = await connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{schema}.checkpoint",))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def tables_of(connection: Connection) -> list[str]:
    """The tables of the read model that the connection's unqualified names mean, by name; the checkpoint's left out."""
    cursor = await connection.execute(load_sql(_PACKAGE, "tables"))
    return [name for (name,) in await cursor.fetchall()]


async def create_schema(connection: Connection, schema: str, fold: int) -> None:
    """An empty read model at position 0, all or nothing. Fails if the schema has tables.

    Rows are found by their keys alone before `create_indexes`. Raises UnsuitableDatabase.
    """
    await _refuse_other_encodings(connection)
    tables: LiteralString = load_sql(_PACKAGE, "schema")
    async with connection.transaction():
        await connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema)))
        await connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        await connection.execute(tables)
        await connection.execute(load_sql(_PACKAGE, "start_checkpoint"), (fold,))


async def let_read(connection: Connection, schema: str, role: str) -> None:
    """`role` may read all there is in the schema, and nothing else."""
    names = {"schema": Identifier(schema), "role": Identifier(role)}
    await connection.execute(SQL("GRANT USAGE ON SCHEMA {schema} TO {role}").format(**names))
    await connection.execute(SQL("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}").format(**names))


async def create_indexes(connection: Connection, schema: str) -> None:
    """All or nothing; those that are there stay."""
    indexes: LiteralString = load_sql(_PACKAGE, "indexes")
    async with connection.transaction():
        await connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        await connection.execute(indexes)


async def _refuse_other_encodings(connection: Connection) -> None:
    """Prompts hold any character, and a database without an encoding hands out bytes instead of texts."""
    cursor = await connection.execute("SHOW server_encoding")
    row = await cursor.fetchone()
    encoding = row[0] if row else "unknown"
    if encoding != "UTF8":
        raise UnsuitableDatabase(f"the database is encoded in {encoding}; create it with ENCODING 'UTF8'")


async def analyze(connection: Connection) -> None:
    """What the planner has to know of filled tables."""
    names = SQL(", ").join(map(Identifier, await tables_of(connection)))
    await connection.execute(SQL("ANALYZE {}").format(names))


async def drop_schema(connection: Connection, schema: str) -> None:
    await connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
