"""Postgres and NATS are killed under a running projector, and come back."""

from __future__ import annotations

from fixtures.mortal import MortalServer
from integration.projector.projecting import Heard, no_rebuild, project_all, running, write
from unit.projector.histories import history

from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_stream
from carnival.testing import until
from carnival.testing.memory_log import MemoryEventLog
from projector.adapters.digest import take_digest
from projector.adapters.row_store import PostgresRows
from projector.application.follow_log import FollowLimits, FollowLog

WAIT_SECONDS = 60


async def test_a_killed_postgres_is_waited_for_and_every_event_counts_once(
    postgres_url: str, mortal_postgres: MortalServer
) -> None:
    log = MemoryEventLog()
    events = history(41, 900)
    await write(log, events[:300])
    rows = PostgresRows(mortal_postgres.url)
    follow = FollowLog(log, rows, Heard(), no_rebuild, FollowLimits(batch_max=20))
    async with running(follow):
        for more in (600, 900):
            await until(lambda: (follow.position or 0) > 0, WAIT_SECONDS)
            mortal_postgres.kill()
            await write(log, events[await log.end() : more])
            await until(lambda: follow.trouble, WAIT_SECONDS)
            await mortal_postgres.start()
            await until(lambda more=more: follow.position == more, WAIT_SECONDS)
    found = await take_digest(mortal_postgres.url)
    await project_all(log, postgres_url)
    assert found == await take_digest(postgres_url)


async def test_what_a_killed_postgres_forgot_is_folded_again_though_nothing_happens(
    postgres_url: str, mortal_postgres: MortalServer
) -> None:
    log = MemoryEventLog()
    await write(log, history(43, 300))
    rows = PostgresRows(mortal_postgres.url)
    follow = FollowLog(log, rows, Heard(), no_rebuild)
    async with running(follow):
        await until(lambda: follow.position == 300, WAIT_SECONDS)
        mortal_postgres.kill()
        await until(lambda: follow.trouble, WAIT_SECONDS)
        await mortal_postgres.start()
        await until(lambda: follow.position == 300 and not follow.trouble, WAIT_SECONDS)
    found = await take_digest(mortal_postgres.url)
    await project_all(log, postgres_url)
    assert found == await take_digest(postgres_url)


async def test_a_killed_nats_is_waited_for_and_every_event_counts_once(
    postgres_url: str, mortal_nats: MortalServer
) -> None:
    events = history(42, 600)
    connection = await open_connection(mortal_nats.url, "test")
    try:
        await ensure_stream(connection)
        log = NatsEventLog(connection)
        await write(log, events[:300])
        follow = FollowLog(log, PostgresRows(postgres_url), Heard(), no_rebuild, FollowLimits(batch_max=20))
        async with running(follow):
            await until(lambda: follow.position == 300, WAIT_SECONDS)
            mortal_nats.kill()
            await mortal_nats.start()
            await write(log, events[300:])
            await until(lambda: follow.position == 600, WAIT_SECONDS)
    finally:
        await connection.close()
    other = MemoryEventLog()
    await write(other, events)
    found = await take_digest(postgres_url)
    await project_all(other, postgres_url, schema="other")
    assert found == await take_digest(postgres_url, "other")
