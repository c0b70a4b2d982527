"""Where one share of a rebuild puts its rows, on a connection of its own to the schema under construction."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from itertools import islice
from typing import Final

from psycopg import errors
from psycopg.sql import SQL, Identifier

from carnival.contracts.ids import Position
from carnival.postgres import LIVE_SCHEMA, load_sql
from projector.adapters import loading
from projector.adapters.connecting import close, connect, store_errors
from projector.adapters.literals import copy_lines
from projector.adapters.loading import Connection
from projector.adapters.migrations import create_index, run_indexes
from projector.adapters.writing import Inserts, inserts, updates
from projector.application.ports import Needs, Outcome, StoreUnavailable, Unwritable
from projector.application.rebuild_ports import RebuildUnderWay
from projector.application.share import Share
from projector.domain.read_model import ReadModel

NEXT_SCHEMA: Final = f"{LIVE_SCHEMA}_next"
LINES_AT_ONCE: Final = 2_000
STATEMENT_TIMEOUT_MS: Final = 600_000
PATIENCE_SECONDS: Final = STATEMENT_TIMEOUT_MS / 1000

_PACKAGE = "projector.adapters"


class PostgresShare:
    """Implements `SharePlace`."""

    def __init__(self, connection: Connection, share: Share) -> None:
        self._connection = connection
        self._share = share
        self._runs_indexed = False

    async def load(self, needs: Needs, model: ReadModel) -> None:
        async with store_errors(PATIENCE_SECONDS):
            await loading.load(self._connection, needs, model)

    def insert(self, outcome: Outcome) -> Coroutine[None, None, None]:
        return self._copy([new for new in inserts(outcome) if new.rows])

    async def _copy(self, tables: list[Inserts]) -> None:
        try:
            async with store_errors(PATIENCE_SECONDS), self._connection.transaction():
                for new in tables:
                    await self._copy_table(new)
        except StoreUnavailable as error:
            if isinstance(error.__cause__, errors.DeadlockDetected):
                raise Unwritable("two shares write rows of the same keys") from error
            raise

    async def _copy_table(self, new: Inserts) -> None:
        statement = SQL("COPY {} FROM STDIN").format(Identifier(new.table))
        async with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            rows = iter(new.rows)
            while some := list(islice(rows, LINES_AT_ONCE)):
                await copy.write(copy_lines(some))

    async def update(self, outcome: Outcome) -> None:
        async with store_errors(PATIENCE_SECONDS), self._connection.transaction():
            for statement in updates(outcome):
                await self._connection.execute(*statement)
            await self._connection.execute(load_sql(_PACKAGE, "move_share"), (outcome.after, self._share.number))

    async def index_runs(self) -> None:
        if self._runs_indexed:
            return
        async with store_errors(PATIENCE_SECONDS):
            for statement in run_indexes():
                await create_index(self._connection, NEXT_SCHEMA, statement)
        self._runs_indexed = True


@asynccontextmanager
async def place_of(url: str, share: Share) -> AsyncGenerator[tuple[PostgresShare, Position]]:
    """A place for a share that is folded beside the process that has prepared everything, and where it goes on.

    While the block runs, no other rebuild can begin. Raises RebuildUnderWay, StoreUnavailable.
    """
    connection = await connect_to_site(url, f"projector-rebuild-{share.number}")
    try:
        async with store_errors():
            cursor = await connection.execute(load_sql(_PACKAGE, "hold_share"), (NEXT_SCHEMA,))
            held = await cursor.fetchone()
            starts = await positions_of_shares(connection)
        if not (held and held[0]):
            raise RebuildUnderWay("another rebuild is beginning")
        if len(starts) != share.of:
            raise RebuildUnderWay(f"the rebuild is divided into {len(starts)} shares, not {share.of}")
        yield PostgresShare(connection, share), starts[share.number]
    finally:
        await close(connection)


async def connect_to_site(url: str, name: str) -> Connection:
    """A connection to the schema under construction. Whoever makes an index keeps all others waiting until it is there.
    Raises StoreUnavailable."""
    return await connect(
        url,
        NEXT_SCHEMA,
        name=name,
        statement_timeout_ms=STATEMENT_TIMEOUT_MS,
        lock_timeout_ms=STATEMENT_TIMEOUT_MS,
    )


async def positions_of_shares(connection: Connection) -> list[Position]:
    """How far each share has come."""
    cursor = await connection.execute(load_sql(_PACKAGE, "read_shares"))
    return [Position(position) for (position,) in await cursor.fetchall()]
