"""The gateway on a real NATS server: the consumer, the bucket, and the whole process."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from integration.comfy_gateway.rig import DRAW, step
from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError, NoKeysError

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import JobId, Position, derived_id
from carnival.contracts.job import CancelReason, ImageProduced, JobCancelled, JobFailed, JobRequested, JobSubmitted
from carnival.contracts.notices import JobProgress, NodePresence, NodeState
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.subjects import HEALTH_BUCKET, PRESENCE_BUCKET, PREVIEW_BUCKET, PROGRESS
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets
from carnival.testing import examples, until
from comfy_gateway.adapters.health_bucket import NatsHealthMemory
from comfy_gateway.adapters.job_consumer import NatsJobSource
from comfy_gateway.adapters.notices import NatsNoticeBoard
from comfy_gateway.application.ports import JobsUnavailable
from comfy_gateway.domain.health import Health, Quarantine
from comfy_stub.server import RunningStub


async def start_run(log: NatsEventLog) -> None:
    defined = PipelineDefined(pipeline_id=examples.PIPELINE, version=1, name="Portrait", steps=(step(1, DRAW),))
    at = await log.append(defined, examples.meta())
    await log.append(examples.run_started(pipeline_position=at.position), examples.meta())


async def request(log: NatsEventLog, number: int) -> JobRequested:
    job = examples.job_requested(number, job_id=JobId(derived_id("nats test", number)))
    await log.append(job, examples.meta())
    return job


async def events(log: NatsEventLog, kind: type[Event]) -> list[Event]:
    found: list[Event] = []
    async for batch in log.read(Position(0)):
        found += [entry.event for entry in batch if isinstance(entry, Recorded) and isinstance(entry.event, kind)]
    return found


async def until_events(log: NatsEventLog, kind: type[Event], count: int) -> list[Event]:
    async def there() -> list[Event]:
        found = await events(log, kind)
        return found if len(found) >= count else []

    return await until(there, 20, f"{count} {kind.__name__}")


async def test_a_job_given_back_comes_again_and_an_acknowledged_one_does_not(
    event_log: NatsEventLog, nats_connection: Client
) -> None:
    source = NatsJobSource(nats_connection, "default")
    job = await request(event_log, 1)
    first = await source.next(5)
    assert first is not None
    assert (first.entry.event, first.deliveries) == (job, 1)
    await first.keep()
    await first.give_back(0)
    second = await source.next(5)
    assert second is not None
    assert (second.entry.event, second.deliveries) == (job, 2)
    await second.done()
    assert await source.next(0.2) is None
    await source.close()


async def test_a_pool_gets_its_own_jobs_only(event_log: NatsEventLog, nats_connection: Client) -> None:
    source = NatsJobSource(nats_connection, "big")
    await request(event_log, 1)
    assert await source.next(0.2) is None
    await source.close()


async def test_an_unreadable_job_is_passed_over(event_log: NatsEventLog, nats_connection: Client) -> None:
    source = NatsJobSource(nats_connection, "default")
    await nats_connection.jetstream().publish("carnival.events.run.r1.JobRequested.default", b"{}")
    job = await request(event_log, 1)
    assert await source.next(5) is None
    delivery = await source.next(5)
    assert delivery is not None
    assert delivery.entry.event == job
    await source.close()


async def test_a_deleted_consumer_is_made_again(event_log: NatsEventLog, nats_connection: Client) -> None:
    source = NatsJobSource(nats_connection, "default")
    assert await source.next(0.2) is None
    await nats_connection.jetstream().delete_consumer("CARNIVAL", "gateway-default")
    job = await request(event_log, 1)

    async def comes() -> bool:
        try:
            delivery = await source.next(1)
        except JobsUnavailable:
            return False
        return delivery is not None and delivery.entry.event == job

    await until(comes, 15)
    await source.close()


@pytest.mark.usefixtures("event_log")
async def test_presence_is_a_key_with_a_value_until_it_leaves(nats_connection: Client) -> None:
    board = NatsNoticeBoard(nats_connection)
    notice = NodePresence(
        gateway="g1", node="n1", pool="default", slots=1, state=NodeState.READY, expires_at=examples.NOON
    )
    await board.presence(notice)
    bucket = await nats_connection.jetstream().key_value(PRESENCE_BUCKET)
    stored = (await bucket.get("g1.n1")).value or b""
    assert NodePresence.model_validate_json(stored) == notice
    await board.leave(notice)
    with pytest.raises(KeyNotFoundError):
        await bucket.get("g1.n1")


@pytest.mark.usefixtures("event_log")
async def test_presence_returns_after_the_bucket_was_lost(nats_connection: Client) -> None:
    """It lives in the server's memory, so a restart of the server loses it; other services make it anew."""
    board = NatsNoticeBoard(nats_connection)
    notice = NodePresence(
        gateway="g1", node="n1", pool="default", slots=1, state=NodeState.READY, expires_at=examples.NOON
    )
    await board.presence(notice)
    await nats_connection.jetstream().delete_key_value(PRESENCE_BUCKET)
    await board.presence(notice)
    await ensure_buckets(nats_connection)
    await board.presence(notice)
    bucket = await nats_connection.jetstream().key_value(PRESENCE_BUCKET)
    assert await bucket.keys() == ["g1.n1"]


@pytest.mark.usefixtures("event_log")
async def test_what_is_held_against_a_server_is_kept_for_its_gateway(nats_connection: Client) -> None:
    memory = NatsHealthMemory(nats_connection, "g1")
    assert await memory.recall("n1") == Health()
    held = Quarantine(since=examples.NOON, until=examples.NOON, reason="it failed", canaries=2)
    health = Health(strikes=(), relapses=1, quarantine=held)
    await memory.keep("n1", health)
    assert await NatsHealthMemory(nats_connection, "g1").recall("n1") == health
    assert await NatsHealthMemory(nats_connection, "g2").recall("n1") == Health()
    bucket = await nats_connection.jetstream().key_value(HEALTH_BUCKET)
    await bucket.put("g1.n1", b"{}?")
    assert await memory.recall("n1") == Health()


@pytest.mark.usefixtures("event_log")
async def test_the_newest_preview_of_a_job_is_kept(nats_connection: Client) -> None:
    board = NatsNoticeBoard(nats_connection)
    await board.preview(JobId("j1"), b"first")
    await board.preview(JobId("j1"), b"second")
    bucket = await nats_connection.jetstream().key_value(PREVIEW_BUCKET)

    async def newest() -> bool:
        try:
            return (await bucket.get("j1")).value == b"second"
        except KeyNotFoundError:
            return False

    await until(newest, 10, "the newest preview")


@asynccontextmanager
async def process(
    nats_url: str, stub: RunningStub, folder: Path, **more: str
) -> AsyncGenerator[asyncio.subprocess.Process]:
    environ = {
        "NATS_URL": nats_url,
        "COMFYUI_BASE_URL": stub.url,
        "COMFYUI_POLL_INTERVAL": "0.5",
        "GATEWAY_NAME": "g1",
        "IMAGE_ROOT": str(folder / "images"),
        "PATH": "",
        **more,
    }
    with (folder / "gateway.log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(sys.executable, "-m", "comfy_gateway", env=environ, stderr=log)
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def test_the_process_draws_and_stops_in_order(
    event_log: NatsEventLog, nats_connection: Client, nats_url: str, stub: RunningStub, tmp_path: Path
) -> None:
    progress: list[JobProgress] = []

    async def heard(message: object) -> None:
        progress.append(JobProgress.model_validate_json(getattr(message, "data", b"")))

    await nats_connection.subscribe(PROGRESS, cb=heard)
    await start_run(event_log)
    async with process(nats_url, stub, tmp_path) as running:
        for number in range(1, 4):
            await request(event_log, number)
        produced = await until_events(event_log, ImageProduced, 3)
        assert all(isinstance(event, ImageProduced) for event in produced)
        assert progress
        assert all(notice.maximum == 3 for notice in progress)
        running.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.wait(), 15) == 0
    bucket = await nats_connection.jetstream().key_value(PRESENCE_BUCKET)
    with pytest.raises(NoKeysError):
        await bucket.keys()
    log = [json.loads(line) for line in (tmp_path / "gateway.log").read_text().splitlines()]
    assert {line["level"] for line in log} <= {"info", "warning"}


async def test_a_killed_process_leaves_nothing_undone_and_nothing_double(
    event_log: NatsEventLog, nats_url: str, stub: RunningStub, tmp_path: Path
) -> None:
    stub.stub.behaviour.seconds_per_image = 1
    await start_run(event_log)
    await request(event_log, 1)
    async with process(nats_url, stub, tmp_path) as running:
        await until_events(event_log, JobSubmitted, 1)
        running.kill()
        await running.wait()
    async with process(nats_url, stub, tmp_path):
        await until_events(event_log, ImageProduced, 1)
    assert len(stub.stub.ledger.lines()) == 1
    assert not await events(event_log, JobFailed)


async def test_a_cancellation_wakes_the_process_at_once(
    event_log: NatsEventLog, nats_url: str, stub: RunningStub, tmp_path: Path
) -> None:
    """The poll interval alone would take a minute."""
    await start_run(event_log)
    async with process(nats_url, stub, tmp_path, COMFYUI_POLL_INTERVAL="60"):
        stub.stub.behaviour.seconds_per_image = 1
        first, second = await request(event_log, 1), await request(event_log, 2)
        await until_events(event_log, JobSubmitted, 1)
        cancelled = JobCancelled(
            run_id=second.run_id, job_id=second.job_id, pool=second.pool, reason=CancelReason.BRANCH_REJECTED
        )
        appended = await event_log.append(cancelled, examples.meta())
        stored = await event_log.at(appended.position)
        assert isinstance(stored, Recorded)
        assert stored.event == cancelled
        await until_events(event_log, ImageProduced, 1)
        third = await request(event_log, 3)
        await until_events(event_log, ImageProduced, 2)
    submitted = [event.job_id for event in await events(event_log, JobSubmitted) if isinstance(event, JobSubmitted)]
    assert submitted == [first.job_id, third.job_id]
