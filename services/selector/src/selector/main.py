"""Composition root: settings in, a running selector out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from faststream import FastStream
from faststream.nats import NatsBroker
from nats.aio.client import Client

from carnival.concurrency import end_tasks, steady_clock
from carnival.contracts.ids import fresh_id
from carnival.health import Check, bus_check, serve_operations
from carnival.log.connection import nats_broker
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.log.withdrawal import ending_when_withdrawn
from carnival.past import PastQuestions
from carnival.postgres import open_pool
from carnival.telemetry.sampling import Source
from selector.adapters.frontier_reader import PostgresFrontierReader
from selector.adapters.heard_causes import HeardCauses
from selector.adapters.lease import KeyValueLease
from selector.adapters.metrics import DecisionTimes, MeasuredPass, TimedReader, demand, leadership, work_standing
from selector.adapters.presence import AnnouncedPresence, read_announcements
from selector.adapters.routes import routes
from selector.adapters.wakeups import NoticedProjection, WakeUps
from selector.application.cancel_jobs import CancelJobs
from selector.application.judge_failures import JudgeFailures
from selector.application.measure_demand import MeasureDemand
from selector.application.own_events import OwnEvents
from selector.application.preview_choice import PreviewChoice
from selector.application.run_loop import RunLoop
from selector.application.select_jobs import SelectJobs
from selector.application.what_if import ReconsiderHistory
from selector.application.work_once import WorkOnce
from selector.domain.raffle import Draw
from selector.domain.rules import Limits
from selector.settings import Settings

SERVICE = "selector"
POOL_SIZE_MAX = 4

_log = structlog.get_logger(__name__)
_draw: Draw = random.SystemRandom().randrange


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector with all its parts; `app` serves until it is told to stop."""

    app: FastStream
    loop: RunLoop
    lease: KeyValueLease
    health_port: int


async def run(settings: Settings) -> None:
    """Serve until a signal comes. An error of the loop or the lease that nobody foresaw ends the process."""
    async with assembled(settings) as selector:
        _log.info("The selector is up", action="started", health_port=selector.health_port)
        async with asyncio.TaskGroup() as group:
            tasks: list[asyncio.Task[None]] = []

            async def begin() -> None:
                """Only now the bus is listened to: a notice that came before would be missed."""
                tasks.extend([group.create_task(selector.lease.run()), group.create_task(selector.loop())])

            async def stop() -> None:
                await end_tasks(tasks)

            selector.app.after_startup(begin)
            selector.app.on_shutdown(stop)
            await selector.app.run()


@asynccontextmanager
async def assembled(settings: Settings, *, draw: Draw = _draw) -> AsyncGenerator[Selector]:
    """Everything connected, nothing working yet; disconnected again in the end."""
    async with AsyncExitStack() as stack:
        broker = nats_broker(settings, SERVICE)
        stack.push_async_callback(broker.stop)
        connection = await broker.connect()
        await stack.enter_async_context(ending_when_withdrawn(connection))
        await ensure_stream(connection)
        await ensure_buckets(connection)
        pool = await open_pool(settings.database_url, size_max=POOL_SIZE_MAX)
        stack.push_async_callback(pool.close)
        reader = PostgresFrontierReader(pool)
        loop, lease, sources = await _wire(settings, broker, connection, reader, draw)
        checks = {"database": _database_check(reader), "bus": bus_check(connection), "loop": loop.check}
        port = await stack.enter_async_context(
            serve_operations(settings.health_host, settings.health_port, checks, sources)
        )
        yield Selector(FastStream(broker, logger=None), loop, lease, port)


async def _wire(
    settings: Settings, broker: NatsBroker, connection: Client, reader: PostgresFrontierReader, draw: Draw
) -> tuple[RunLoop, KeyValueLease, Sequence[Source]]:
    limits = Limits(parent_failures_max=settings.parent_failures_max)
    times = DecisionTimes()
    log = NatsEventLog(connection, told=times.appended)
    wakes, causes = WakeUps(), HeardCauses()
    projection = NoticedProjection(reader.position)
    presence = AnnouncedPresence(settings.jobs_ahead, steady_clock(), wakes.wake)
    lease = KeyValueLease(connection, f"{SERVICE}-{fresh_id()}", wakes.wake)
    own = OwnEvents(log, lease)
    work = WorkOnce(
        reader=TimedReader(reader, times),
        log=log,
        lease=lease,
        projection=projection,
        own=own,
        cancel_jobs=CancelJobs(own),
        judge_failures=JudgeFailures(own, limits, settings.step_failures_max),
        select_jobs=SelectJobs(own, presence, causes, settings.run_policy, limits, draw, _now),
        limits=limits,
    )
    preview = PreviewChoice(reader, own, settings.run_policy, limits, _now)
    broker.include_router(
        routes(
            wakes=wakes,
            projection=projection,
            causes=causes,
            presence=presence,
            preview=preview,
            reconsider=ReconsiderHistory(log, PastQuestions(connection), limits),
            policy=settings.run_policy,
        )
    )
    await read_announcements(connection, presence)
    loop = RunLoop(MeasuredPass(work, lease), wakes, settings.interval_seconds)
    standing = work_standing(reader, presence, lease, _now)
    return loop, lease, (leadership(lease), standing, demand(MeasureDemand(reader, limits, _now), lease))


def _now() -> datetime:
    return datetime.now(UTC)


def _database_check(reader: PostgresFrontierReader) -> Check:
    async def check() -> None:
        await reader.position()

    return check
