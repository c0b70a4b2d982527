"""Postgres and NATS are killed under a running projector, and come back."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from integration.projector.projecting import Heard, no_rebuild, project_all, running, write
from unit.projector.histories import history

from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.testing import until
from carnival.testing.memory_log import MemoryEventLog
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_port
from carnival_cli.servers.postgres import PostgresServer
from carnival_cli.servers.running import end, launch
from projector.adapters.digest import take_digest
from projector.adapters.row_store import PostgresRows
from projector.application.follow_log import FollowLimits, FollowLog

WAIT_SECONDS = 40


class Killable:
    """A server of its own that can be killed and started again on the same port and data."""

    def __init__(self, server: NatsServer | PostgresServer) -> None:
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        self._process = launch(self._server.prepare(), self._server.folder / "server.log")
        await until(self._server.is_ready, WAIT_SECONDS)

    def kill(self) -> None:
        if self._process is not None:
            end(self._process, signal.SIGKILL)


@contextmanager
def folder(name: str) -> Generator[Path]:
    with TemporaryDirectory(prefix=f"carnival-{name}-", ignore_cleanup_errors=True) as place:
        yield Path(place)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_a_killed_postgres_is_waited_for_and_every_event_counts_once(postgres_url: str) -> None:
    log = MemoryEventLog()
    events = history(41, 900)
    await write(log, events[:300])
    with folder("postgres") as place:
        server = PostgresServer(place, free_port(), True)
        killable = Killable(server)
        await killable.start()
        try:
            follow = FollowLog(log, PostgresRows(server.url), Heard(), no_rebuild, FollowLimits(batch_max=20))
            async with running(follow):
                for more in (600, 900):
                    await until(lambda: (follow.position or 0) > 0, WAIT_SECONDS)
                    killable.kill()
                    await write(log, events[await log.end() : more])
                    await until(lambda: follow.trouble, WAIT_SECONDS)
                    await killable.start()
                    await until(lambda more=more: follow.position == more, WAIT_SECONDS)
            found = await take_digest(server.url)
        finally:
            killable.kill()
    await project_all(log, postgres_url)
    assert found == await take_digest(postgres_url)


async def test_a_killed_nats_is_waited_for_and_every_event_counts_once(postgres_url: str) -> None:
    events = history(42, 600)
    with folder("nats") as place:
        server = NatsServer(place, free_port(), free_port())
        killable = Killable(server)
        await killable.start()
        connection = await open_connection(server.url, "test")
        try:
            await ensure_stream(connection)
            log = NatsEventLog(connection)
            await write(log, events[:300])
            follow = FollowLog(log, PostgresRows(postgres_url), Heard(), no_rebuild, FollowLimits(batch_max=20))
            async with running(follow):
                await until(lambda: follow.position == 300, WAIT_SECONDS)
                killable.kill()
                await killable.start()
                await write(log, events[300:])
                await until(lambda: follow.position == 600, WAIT_SECONDS)
        finally:
            await connection.close()
            killable.kill()
    other = MemoryEventLog()
    await write(other, events)
    found = await take_digest(postgres_url)
    await project_all(other, postgres_url, schema="other")
    assert found == await take_digest(postgres_url, "other")
