"""The selector goes on when its servers come back."""

from __future__ import annotations

import httpx
import psycopg
from fixtures.mortal import MortalServer
from integration.selector.conftest import running_selector
from integration.selector.read_model import ReadModelRows
from psycopg import sql

from carnival.contracts.job import JobRequested
from carnival.contracts.subjects import every_run
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.testing import examples, until
from selector.settings import Settings

REQUESTS = every_run(JobRequested, "default")


def show_one_run(rows: ReadModelRows) -> None:
    rows.pipeline(None, None)
    rows.run(steps=2)
    rows.position(2)


def show_request(rows: ReadModelRows, position: int) -> None:
    """The read model after job 1 was asked for and ended without an image."""
    rows.update(
        "runs",
        {"run_id": "r1"},
        status="running",
        last_job_number=1,
        last_position=position,
        served_position=position,
    )
    rows.position(position)


async def test_a_killed_nats_server(rows: ReadModelRows, read_model_url: str, mortal_nats: MortalServer) -> None:
    connection = await open_connection(mortal_nats.url, "test")
    await ensure_stream(connection)
    log = NatsEventLog(connection)
    await log.append(examples.pipeline_defined(), examples.meta())
    await log.append(examples.run_started(), examples.meta())
    show_one_run(rows)
    settings = Settings(database_url=read_model_url, nats_url=mortal_nats.url, interval_seconds=0.5)
    async with running_selector(settings):
        await until(lambda: log.last_of(REQUESTS), seconds=10)
        mortal_nats.kill()
        await mortal_nats.start()
        show_request(rows, 3)

        async def asked_again() -> bool:
            entry = await log.last_of(REQUESTS)
            return entry is not None and entry.position > 3

        await until(asked_again, seconds=30)
    await connection.close()


async def test_lost_database_connections_are_made_anew(
    rows: ReadModelRows, settings: Settings, read_model_url: str, event_log: NatsEventLog
) -> None:
    await event_log.append(examples.pipeline_defined(), examples.meta())
    await event_log.append(examples.run_started(), examples.meta())
    show_one_run(rows)
    async with running_selector(settings.model_copy(update={"interval_seconds": 0.2})) as selector:
        await until(lambda: event_log.last_of(REQUESTS))
        with psycopg.connect(read_model_url, autocommit=True) as session:
            session.execute(
                sql.SQL(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'"
                    " AND query LIKE '%candidates%'"
                )
            )
            show_request(rows, 3)

        async def asked_again() -> bool:
            entry = await event_log.last_of(REQUESTS)
            return entry is not None and entry.position > 3

        await until(asked_again, seconds=20)
        await until(lambda: _is_ready(selector.health_port))


async def test_a_read_model_that_is_set_up_later(postgres_url: str, nats_url: str, event_log: NatsEventLog) -> None:
    settings = Settings(database_url=postgres_url, nats_url=nats_url, interval_seconds=0.2)
    async with running_selector(settings) as selector:
        await until(lambda: _problems(selector.health_port))
        problems = await _problems(selector.health_port)
    assert "not set up" in problems["database"]


async def _is_ready(port: int) -> bool:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://127.0.0.1:{port}/health/ready")).is_success


async def _problems(port: int) -> dict[str, str]:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://127.0.0.1:{port}/health/ready")).json()["problems"]
