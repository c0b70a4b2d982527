"""A connection pool whose unqualified names mean the read model."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

LIVE_SCHEMA = "carnival"
CONNECT_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_MS = 30_000
ACQUIRE_TIMEOUT_SECONDS = 10.0
CHECKED_FOR_SECONDS: Final = 1.0
BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

Pool = AsyncConnectionPool[AsyncConnection[DictRow]]


async def open_pool(
    url: str,
    *,
    schema: str = LIVE_SCHEMA,
    read_only: bool = True,
    size_max: int = 8,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
    by_key: bool = False,
) -> Pool:
    """An open pool of autocommit connections with dict rows.

    `by_key` is for questions about single rows by their keys: each is planned once, by its indexes, whatever values it
    is asked for and whatever the statistics say of a table that has just begun to grow.

    Dead ones are replaced before they are handed out, within a second after a database has gone perhaps after one use.
    Does not wait for the first connection: a database that is down shows at the first use, as psycopg.OperationalError
    or psycopg_pool.PoolTimeout.
    """
    planning = "".join(f" -c {name}={value}" for name, value in BY_KEY.items()) if by_key else ""
    options: dict[str, Any] = {
        "autocommit": True,
        "row_factory": dict_row,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": (
            f"-c search_path={schema} -c statement_timeout={statement_timeout_ms}"
            f" -c default_transaction_read_only={'on' if read_only else 'off'} -c TimeZone=UTC{planning}"
        ),
    }
    pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs=options,
        min_size=1,
        max_size=size_max,
        timeout=ACQUIRE_TIMEOUT_SECONDS,
        max_waiting=1000,
        check=_OnceASecond(),
        reconnect_timeout=2.0,
        open=False,
    )
    await pool.open()
    return pool


class _OnceASecond:
    """Asks a connection whether it is alive: a question costs as much as a query, so not before every single one."""

    def __init__(self) -> None:
        self._checked: WeakKeyDictionary[AsyncConnection[DictRow], float] = WeakKeyDictionary()

    async def __call__(self, connection: AsyncConnection[DictRow]) -> None:
        now = monotonic()
        if now - self._checked.get(connection, -CHECKED_FOR_SECONDS) < CHECKED_FOR_SECONDS:
            return
        await AsyncConnectionPool.check_connection(cast("AsyncConnection[Any]", connection))
        self._checked[connection] = now
