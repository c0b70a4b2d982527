"""The frontier from Postgres: one consistent look, two round trips."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout

from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunPolicy
from carnival.postgres import load_sql
from carnival.postgres.pool import Pool
from selector.adapters.frontier_rows import failing_step_of, frontiers_of, open_job_of
from selector.application.ports import Reading, ReadModelUnavailable
from selector.domain.failing import FailingParent
from selector.domain.frontier import RunFrontier, RunInTurn
from selector.domain.rules import Limits
from selector.domain.survey import Survey

BEGIN: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
SURVEY: Final = ("survey", "unwanted_jobs", "failing_parents", "failing_steps")
FRONTIERS: Final = ("runs", "run_steps", "possible_parents", "approved_parents")
PACKAGE: Final = "selector.adapters"

Rows = dict[str, list[DictRow]]


class PostgresFrontierReader:
    """Implements `FrontierReader`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def open(self, limits: Limits) -> AsyncGenerator[Reading]:
        async with _session(self._pool) as session:
            try:
                rows = await _rows(session, SURVEY, _parameters(limits), begin=True)
                yield _PostgresReading(session, limits, _survey(rows))
            finally:
                await _end(session)

    async def position(self) -> Position:
        """How far the read model is now."""
        async with _session(self._pool) as session:
            found = (await _rows(session, ("checkpoint",), {}))["checkpoint"]
            return _position(found[0]["position"] if found else None)

    async def standing(self) -> Standing:
        """What is open now, for whoever watches. Raises ReadModelUnavailable."""
        async with _session(self._pool) as session:
            rows = await _rows(session, ("open_jobs", "active_runs"), {})
            return Standing(open_jobs=rows["open_jobs"], **rows["active_runs"][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`open_jobs` have pool, state, the number of jobs and since when the oldest is in that state."""

    open_jobs: Sequence[DictRow]
    runs_active: int
    steps_paused: int


class _PostgresReading:
    def __init__(self, session: AsyncConnection[DictRow], limits: Limits, survey: Survey) -> None:
        self._session = session
        self._limits = limits
        self.survey = survey

    async def frontiers(self, run_ids: Sequence[RunId]) -> Sequence[RunFrontier]:
        parameters = _parameters(self._limits) | {"run_ids": list(run_ids)}
        rows = await _rows(self._session, FRONTIERS, parameters)
        return frontiers_of(rows["runs"], rows["run_steps"], rows["possible_parents"] + rows["approved_parents"])


@asynccontextmanager
async def _session(pool: Pool) -> AsyncGenerator[AsyncConnection[DictRow]]:
    try:
        async with pool.connection() as session:
            yield session
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise ReadModelUnavailable(f"Postgres cannot be read: {error}") from error
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn) as error:
        raise ReadModelUnavailable(f"the read model is not set up: {error}") from error


async def _rows(
    session: AsyncConnection[DictRow], names: Sequence[str], parameters: Mapping[str, Any], *, begin: bool = False
) -> Rows:
    """The answers of the named statements, all sent in one go."""
    cursors: dict[str, AsyncCursor[DictRow]] = {}
    async with session.pipeline():
        if begin:
            await session.execute(BEGIN)
        for name in names:
            cursors[name] = await session.execute(load_sql(PACKAGE, name), parameters)
    return {name: await cursor.fetchall() for name, cursor in cursors.items()}


async def _end(session: AsyncConnection[DictRow]) -> None:
    if not session.closed and session.info.transaction_status is not TransactionStatus.IDLE:
        # Nothing was written, and with a rollback the client would forget which statements it has prepared.
        await session.commit()


def _parameters(limits: Limits) -> dict[str, Any]:
    return {"parent_failures_max": limits.parent_failures_max}


def _survey(rows: Rows) -> Survey:
    (facts,) = rows["survey"]
    policies = [policy and RunPolicy(policy) for policy in facts["policies"]]
    runs = zip(facts["run_ids"], facts["created_positions"], facts["last_positions"], policies, strict=True)
    return Survey(
        position=_position(facts["position"]),
        open_jobs=facts["open_jobs"],
        pools=frozenset(facts["pools"]),
        runs=[RunInTurn(*run) for run in runs],
        last_served=facts["last_served"],
        unwanted_jobs=[open_job_of(row) for row in rows["unwanted_jobs"]],
        failing_parents=[FailingParent(**row) for row in rows["failing_parents"]],
        failing_steps=[failing_step_of(row) for row in rows["failing_steps"]],
    )


def _position(found: int | None) -> Position:
    if found is None:
        raise ReadModelUnavailable("the read model has no checkpoint yet")
    return Position(found)
