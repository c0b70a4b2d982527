"""The lease on a real server: one holder at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from nats.aio.client import Client

from carnival.concurrency import end_tasks
from carnival.contracts.subjects import LEASE_BUCKET
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.testing import until
from selector.adapters.lease import KEY, KeyValueLease
from selector.adapters.wakeups import WakeUps


@asynccontextmanager
async def contending(connection: Client, name: str, wakes: WakeUps | None = None) -> AsyncGenerator[KeyValueLease]:
    lease = KeyValueLease(connection, name, (wakes or WakeUps()).wake)
    task = asyncio.create_task(lease.run())
    try:
        yield lease
    finally:
        await end_tasks([task])


@pytest.mark.usefixtures("event_log")
async def test_the_first_one_gets_it_and_is_woken(nats_connection: Client) -> None:
    wakes = WakeUps()
    async with contending(nats_connection, "one", wakes) as one:
        assert await wakes.wait(5)
        assert one.held
        assert one.term == 1


@pytest.mark.usefixtures("event_log")
async def test_the_second_one_waits_until_the_first_gives_it_back(nats_connection: Client) -> None:
    async with contending(nats_connection, "two") as two:
        await until(lambda: two.held)
        async with contending(nats_connection, "one") as one:
            await _after_an_attempt(nats_connection)
            assert (one.held, two.held) == (False, True)


@pytest.mark.usefixtures("event_log")
async def test_a_lease_given_back_is_taken_by_another(nats_connection: Client) -> None:
    async with contending(nats_connection, "one") as one:
        await until(lambda: one.held)
    assert not one.held
    async with contending(nats_connection, "two") as two:
        await until(lambda: two.held, seconds=3)


@pytest.mark.usefixtures("event_log")
async def test_an_entry_overwritten_by_another_is_lost_at_once(nats_connection: Client) -> None:
    async with contending(nats_connection, "one") as one:
        await until(lambda: one.held)
        bucket = await nats_connection.jetstream().key_value(LEASE_BUCKET)
        await bucket.put(KEY, b"two")
        await until(lambda: not one.held, seconds=3)


async def test_a_bucket_that_vanished_is_made_anew(nats_connection: Client, event_log: NatsEventLog) -> None:
    """It lives in the memory of the server, so a restart empties it."""
    async with contending(nats_connection, "one") as one:
        await until(lambda: one.held)
        await nats_connection.jetstream().delete_key_value(LEASE_BUCKET)
        await until(lambda: one.term == 2, seconds=8)
        assert one.held


@pytest.mark.usefixtures("event_log")
async def test_an_entry_of_ours_whose_answer_got_lost_is_recognised(nats_connection: Client) -> None:
    bucket = await nats_connection.jetstream().key_value(LEASE_BUCKET)
    await bucket.put(KEY, b"one")
    async with contending(nats_connection, "one") as one:
        await until(lambda: one.held, seconds=4)


@pytest.mark.usefixtures("event_log")
async def test_the_lease_of_a_replica_that_vanished_runs_out(nats_connection: Client, nats_url: str) -> None:
    doomed = await open_connection(nats_url, "doomed")
    async with contending(doomed, "one") as one:
        await until(lambda: one.held)
        await doomed.close()
        async with contending(nats_connection, "two") as two:
            await until(lambda: not one.held, seconds=8)
            assert not two.held, "the old holder stops before a new one begins"
            await until(lambda: two.held, seconds=8)


async def _after_an_attempt(connection: Client) -> None:
    """Until the holder has refreshed once more, by which time the other one has tried."""
    bucket = await connection.jetstream().key_value(LEASE_BUCKET)
    before = (await bucket.get(KEY)).revision

    async def refreshed() -> bool:
        return (await bucket.get(KEY)).revision != before

    await until(refreshed)
