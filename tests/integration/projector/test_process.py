"""The projector as the process that people start."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from integration.projector.projecting import everything, rows, write
from nats.aio.client import Client
from unit.projector.histories import history

from carnival.contracts.notices import Projected, WorkProgress
from carnival.contracts.subjects import PROJECTED, WORK_BUCKET
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.testing import until
from carnival_cli.servers.ports import free_port
from projector.domain.fold import VERSION

WAIT_SECONDS = 30


def environment(nats_url: str, postgres_url: str, **more: str) -> dict[str, str]:
    return {**os.environ, "NATS_URL": nats_url, "DATABASE_URL": postgres_url, **more}


async def start(arguments: list[str], environ: dict[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "projector", *arguments, env=environ, stdout=PIPE, stderr=PIPE
    )


async def finished(arguments: list[str], environ: dict[str, str]) -> tuple[int | None, str, str]:
    process = await start(arguments, environ)
    out, err = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def serving(environ: dict[str, str]) -> AsyncGenerator[Process]:
    """The service while the block runs; asked to stop at the end, which it must do well."""
    process = await start([], environ)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
        assert process.returncode == 0, err.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_service_projects_tells_and_stops(event_log: NatsEventLog, nats_url: str, postgres_url: str) -> None:
    heard: list[Projected] = []

    async def hear(message: object) -> None:
        heard.append(Projected.model_validate_json(message.data))  # pyright: ignore[reportAttributeAccessIssue]

    await event_log.connection.subscribe(PROJECTED, cb=hear)
    port = str(free_port())
    async with serving(environment(nats_url, postgres_url, HEALTH_PORT=port)):
        await write(event_log, history(31, 300))
        await until(lambda: heard and heard[-1].position == 300, WAIT_SECONDS)
        assert any(notice.voids for notice in heard)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/health/live")).status_code == 200
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["problems"]) == (200, {})
    assert await rows(postgres_url, "SELECT position FROM checkpoint") == [{"position": 300}]


async def test_rebuild_and_digest_as_programs(event_log: NatsEventLog, nats_url: str, postgres_url: str) -> None:
    environ = environment(nats_url, postgres_url)
    shown: list[bytes] = []

    async def look(message: object) -> None:
        shown.append(message.data)  # pyright: ignore[reportAttributeAccessIssue]

    await event_log.connection.subscribe(f"$KV.{WORK_BUCKET}.rebuild.>", cb=look)
    await write(event_log, history(32, 400))
    async with serving(environ):
        await until(lambda: _is_at(postgres_url, 400), WAIT_SECONDS)
        before = await everything(postgres_url)
        code, out, err = await finished(["digest"], environ)
        assert code == 0, err
        first = json.loads(out)
        code, out, err = await finished(["rebuild"], environ)
        assert code == 0, err
        told = [json.loads(line) for line in out.splitlines()]
        assert told[-1] == {"phase": "done", "position": 400, "end": 400, "seconds": told[-1]["seconds"]}
        await until(lambda: shown and shown[-1] == b"", WAIT_SECONDS, "the rebuild to be over for everybody")
        work = [WorkProgress.model_validate_json(data) for data in shown[:-1]]
        assert (work[-1].phase, work[-1].done, work[-1].total) == ("done", 400, 400)
        await write(event_log, history(32, 410)[400:])
        await until(lambda: _is_at(postgres_url, 410), WAIT_SECONDS)
    assert await everything(postgres_url, schema="carnival_previous") == before
    _, out, _ = await finished(["rebuild"], environ)
    _, out, _ = await finished(["digest"], environ)
    assert json.loads(out)["position"] == 410
    code, out, err = await finished(["digest", "400"], environ)
    assert code == 0, err
    assert json.loads(out.splitlines()[-1]) == first
    assert (await finished(["digest", "411"], environ))[0] == 1
    assert first["position"] == 400


async def test_what_no_waiting_can_cure_ends_the_process(
    event_log: NatsEventLog, nats_url: str, postgres_url: str
) -> None:
    environ = environment(nats_url, postgres_url)
    async with serving(environ):
        await until(lambda: _is_at(postgres_url, 0), WAIT_SECONDS)
    await rows(postgres_url, "UPDATE checkpoint SET position = 10 RETURNING position")
    code, _, err = await finished([], environ)
    last = json.loads(err.splitlines()[-1])
    assert code == 1
    assert last["action"] == "ended"
    assert "the rows go up to 10, the log only up to 0" in last["error"]


async def test_a_wrong_call_or_setting_is_named() -> None:
    code, _, err = await finished(["nonsense"], dict(os.environ))
    assert (code, err.strip()) == (
        2,
        "usage: python -m projector [serve | migrate | rebuild | digest [POSITION] | drop-previous]",
    )
    code, _, err = await finished([], {**os.environ, "PROJECTOR_BATCH_MAX": "many"})
    assert code == 2
    assert "PROJECTOR_BATCH_MAX" in err


async def _is_at(url: str, position: int) -> bool:
    if not await rows(url, "SELECT 1 FROM pg_tables WHERE schemaname = 'carnival' AND tablename = 'checkpoint'"):
        return False
    return await rows(url, "SELECT position FROM checkpoint") == [{"position": position}]


async def test_migrate_sets_everything_up_and_lifts_rows_of_an_older_fold(
    nats_connection: Client, nats_url: str, postgres_url: str
) -> None:
    environ = environment(nats_url, postgres_url)
    for _ in range(2):
        status, _, err = await finished(["migrate"], environ)
        assert status == 0, err
        assert await rows(postgres_url, "SELECT position, fold FROM checkpoint") == [{"position": 0, "fold": VERSION}]
    await ensure_stream(nats_connection)
    await write(NatsEventLog(nats_connection), history(34, 100))
    await rows(postgres_url, "UPDATE checkpoint SET fold = fold - 1 RETURNING fold")
    status, out, err = await finished(["migrate"], environ)
    assert status == 0, err
    assert json.loads(out.splitlines()[-1])["phase"] == "done"
    assert await rows(postgres_url, "SELECT position, fold FROM checkpoint") == [{"position": 100, "fold": VERSION}]
    await rows(postgres_url, "UPDATE checkpoint SET fold = fold + 1 RETURNING fold")
    status, _, err = await finished(["migrate"], environ)
    assert status == 1
    assert "NewerFold" in err


async def test_migrate_says_which_server_cannot_keep_so_many_copies(
    nats_connection: Client, nats_url: str, postgres_url: str
) -> None:
    await ensure_stream(nats_connection)
    status, _, err = await finished(["migrate"], environment(nats_url, postgres_url, LOG_REPLICAS="3"))
    assert status == 1
    assert "stream CARNIVAL cannot be kept in 3 copies" in err
