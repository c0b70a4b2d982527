"""The rebuild as a process that is killed outright (SIGKILL), stage by stage, and started again."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, LiteralString

import psutil
import pytest
from integration.projector.projecting import project_all, rows, write
from psycopg import AsyncConnection
from unit.projector.histories import history

from carnival.log.nats_log import NatsEventLog
from carnival.testing import until
from projector.adapters.digest import take_digest

WAIT_SECONDS: Final = 60
EVENTS: Final = 700
BARRIER: Final = 4711

COPYING: Final = """
    CREATE FUNCTION public.hold_rows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
    CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF to_regclass('carnival_next.votes') IS NOT NULL THEN
                CREATE OR REPLACE TRIGGER held BEFORE INSERT ON carnival_next.votes EXECUTE FUNCTION public.hold_rows();
            END IF;
        END $$;
    CREATE EVENT TRIGGER held ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.hold();
"""
INDEXING: Final = """
    CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4711); END $$;
    CREATE EVENT TRIGGER held ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION public.hold();
"""
SWAPPING: Final = """
    CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(4711); END $$;
    CREATE EVENT TRIGGER held ON ddl_command_end WHEN TAG IN ('ALTER SCHEMA') EXECUTE FUNCTION public.hold();
"""


@asynccontextmanager
async def rebuilding(nats_url: str, postgres_url: str, processes: int) -> AsyncGenerator[Process]:
    """The program while the block runs, then SIGKILL."""
    servers = {"NATS_URL": nats_url, "DATABASE_URL": postgres_url}
    environment = {**os.environ, **servers, "PROJECTOR_REBUILD_PROCESSES": str(processes)}
    program = (sys.executable, "-m", "projector", "rebuild")
    process = await asyncio.create_subprocess_exec(*program, env=environment, stdout=PIPE, stderr=DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def holding(url: str, stage: LiteralString) -> AsyncGenerator[None]:
    """Postgres lets nobody past that stage while the block runs."""
    async with await AsyncConnection.connect(url, autocommit=True) as keeper:
        await keeper.execute("SET search_path = public")
        await keeper.execute(stage)
        await keeper.execute("SELECT pg_advisory_lock(4711)")
        try:
            yield
        finally:
            await keeper.execute("DROP EVENT TRIGGER held; DROP FUNCTION public.hold")


async def is_held(url: str) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
    return bool(await rows(url, waiting, BARRIER))


async def is_left(url: str) -> bool:
    """Whether the server has noticed that the killed process is gone."""
    of_projector = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ '^projector'"
    )
    return not await rows(url, of_projector)


@pytest.mark.parametrize("processes", [1, 3])
async def test_killed_while_copying_indexing_swapping_and_after_the_swap_it_ends_with_the_same_rows(
    event_log: NatsEventLog, nats_url: str, postgres_url: str, processes: int
) -> None:
    await write(event_log, history(35, EVENTS))
    await project_all(event_log, postgres_url)
    digest = await take_digest(postgres_url)
    stages: tuple[LiteralString, ...] = (COPYING, INDEXING, SWAPPING)
    for stage in stages:
        async with holding(postgres_url, stage):
            async with rebuilding(nats_url, postgres_url, processes) as process:
                await until(lambda: is_held(postgres_url), WAIT_SECONDS, "the rebuild to come to the stage")
                assert process.returncode is None
        await until(lambda: is_left(postgres_url), WAIT_SECONDS, "the killed one to be gone")
        assert await take_digest(postgres_url) == digest
    async with rebuilding(nats_url, postgres_url, processes) as process:
        assert process.stdout is not None
        phases = [json.loads(line)["phase"] async for line in process.stdout if line]
        assert phases[-1] == "done"
    assert await take_digest(postgres_url) == digest
    assert await take_digest(postgres_url, "carnival_previous") == digest


async def test_a_killed_process_of_a_share_ends_the_rebuild_and_the_next_one_goes_on(
    event_log: NatsEventLog, nats_url: str, postgres_url: str
) -> None:
    await write(event_log, history(36, EVENTS))
    await project_all(event_log, postgres_url)
    digest = await take_digest(postgres_url)
    async with holding(postgres_url, COPYING), rebuilding(nats_url, postgres_url, 2) as process:
        await until(lambda: is_held(postgres_url), WAIT_SECONDS, "the rebuild to come to the stage")
        (share,) = await until(lambda: shares_of(process), WAIT_SECONDS, "the process of the second share")
        share.kill()
        assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 1
    await until(lambda: is_left(postgres_url), WAIT_SECONDS, "the killed one to be gone")
    assert await take_digest(postgres_url) == digest
    async with rebuilding(nats_url, postgres_url, 3) as process:
        assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 0
    assert await take_digest(postgres_url) == digest
    assert await take_digest(postgres_url, "carnival_previous") == digest


def shares_of(process: Process) -> list[psutil.Process]:
    """The processes that fold the other shares of this rebuild."""
    return psutil.Process(process.pid).children()
