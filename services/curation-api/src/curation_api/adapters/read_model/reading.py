"""Running a query of a `.sql` file."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from psycopg import AsyncConnection
from psycopg.rows import DictRow, TupleRow, class_row, tuple_row
from psycopg_pool import AsyncConnectionPool

from carnival.postgres import load_sql

PACKAGE = "curation_api.adapters"

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]
Value = str | int | float | bool | list[str] | list[int] | datetime | None
T = TypeVar("T")


class Reading:
    """Base of the adapters on the read model. Everything raises psycopg.Error when the database does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def many(self, query: str, kind: type[T], **values: Value) -> list[T]:
        """The rows of `<query>.sql` as values of `kind`."""
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.execute(load_sql(PACKAGE, query), values)
            return await cursor.fetchall()

    async def one(self, query: str, kind: type[T], **values: Value) -> T | None:
        """The first row of `<query>.sql`, None without one."""
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.execute(load_sql(PACKAGE, query), values)
            return await cursor.fetchone()

    async def rows(self, query: str, **values: Value) -> list[DictRow]:
        """The rows of `<query>.sql` by column name."""
        async with self._pool.connection() as connection, connection.cursor() as cursor:
            await cursor.execute(load_sql(PACKAGE, query), values)
            return await cursor.fetchall()

    async def tuples(self, query: str, **values: Value) -> list[TupleRow]:
        """The rows of `<query>.sql` as they come: for thousands of them."""
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(load_sql(PACKAGE, query), values)
            return await cursor.fetchall()
