"""The embedded servers and the fixtures built on them."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from nats.aio.client import Client

from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples
from carnival_cli.servers.postgres import PostgresServer
from carnival_cli.servers.running import running_postgres
from projector.domain.fold import VERSION


@pytest.fixture
def server_folder() -> Generator[Path]:
    with TemporaryDirectory(prefix="carnival-postgres-") as folder:
        yield Path(folder)


async def test_each_test_gets_an_empty_log_first(event_log: NatsEventLog) -> None:
    await event_log.append(examples.one_of_each()[0], examples.meta())
    assert await event_log.end() == 1


async def test_each_test_gets_an_empty_log_second(event_log: NatsEventLog, nats_connection: Client) -> None:
    assert await event_log.end() == 0
    assert nats_connection.max_payload == 8 * 1024 * 1024


def test_the_read_model_is_there_and_empty(read_model_url: str) -> None:
    with psycopg.connect(read_model_url) as session:
        row = session.execute("SELECT projection, position, fold FROM carnival.checkpoint").fetchone()
        assert row == ("read_model", 0, VERSION)
        assert session.execute("SELECT count(*) FROM carnival.runs").fetchone() == (0,)


def test_a_fresh_database_holds_nothing(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as session:
        assert session.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'carnival'").fetchone() is None
        assert session.info.server_version >= 180000


def test_postgres_starts_again_after_it_was_killed(server_folder: Path) -> None:
    with running_postgres(server_folder) as server:
        with psycopg.connect(server.url, autocommit=True) as session:
            session.execute("CREATE TABLE kept (value int)")
            session.execute("INSERT INTO kept VALUES (7)")
        os.kill(_postmaster(server), signal.SIGKILL)
    assert (server.data / "postmaster.pid").exists()
    with running_postgres(server_folder) as again, psycopg.connect(again.url) as session:
        assert session.execute("SELECT value FROM kept").fetchone() == (7,)
        assert session.execute("SHOW fsync").fetchone() == ("on",)


def test_a_pid_file_that_names_another_program_does_not_hold_up_the_start(server_folder: Path) -> None:
    with running_postgres(server_folder) as server:
        pass
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n\n127.0.0.1\n\n", "utf-8")
    with running_postgres(server_folder) as again, psycopg.connect(again.url) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)


def _postmaster(server: PostgresServer) -> int:
    return int((server.data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
