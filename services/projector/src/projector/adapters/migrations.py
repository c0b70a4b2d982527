"""The tables. There is one version of them: a change of shape comes with a new fold, and that means a rebuild."""

from __future__ import annotations

from collections.abc import Sequence
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
    """All of them, one after the other; those that are there stay."""
    for statement in (*run_indexes(), *other_indexes()):
        await create_index(connection, schema, statement)


async def create_index(connection: Connection, schema: str, statement: LiteralString) -> None:
    """One index, if it is not there yet; others may ask for the same one at the same time.

    Unless the caller has begun a transaction it comes in one of its own: that holds the lock of a single table, and so
    cannot be part of a deadlock.
    """
    async with connection.transaction():
        await connection.execute(SQL("SET LOCAL search_path = {}").format(Identifier(schema)))
        await connection.execute(load_sql(_PACKAGE, "lock_index"), (schema, statement))
        await connection.execute(statement)


def run_indexes() -> list[LiteralString]:
    """Statements of the indexes by which the rows of a run are loaded."""
    return _statements(load_sql(_PACKAGE, "run_indexes"))


def other_indexes() -> list[LiteralString]:
    """Statements of all other indexes, those that take longest first."""
    return _statements(load_sql(_PACKAGE, "indexes"))


def _statements(script: LiteralString) -> list[LiteralString]:
    return [statement for statement in script.split(";\n") if statement.strip()]


async def _refuse_other_encodings(connection: Connection) -> None:
    """Prompts hold any character, and a database without an encoding hands out bytes instead of texts."""
    cursor = await connection.execute("SHOW server_encoding")
    row = await cursor.fetchone()
    encoding = row[0] if row else "unknown"
    if encoding != "UTF8":
        raise UnsuitableDatabase(f"the database is encoded in {encoding}; create it with ENCODING 'UTF8'")


async def analyze(connection: Connection, tables: Sequence[str] = ()) -> None:
    """What the planner has to know of filled tables: of those named, or of all."""
    names = SQL(", ").join(map(Identifier, tables or await tables_of(connection)))
    await connection.execute(SQL("ANALYZE {}").format(names))


async def vacuum(connection: Connection) -> None:
    """What reading indexes alone has to know."""
    await connection.execute(load_sql(_PACKAGE, "vacuum"))


async def drop_schema(connection: Connection, schema: str) -> None:
    await connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))
