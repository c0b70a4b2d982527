"""Composition root: settings in, a running projector out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from faststream import FastStream

from carnival.concurrency import end_tasks
from carnival.health import Check, bus_check, serve_operations
from carnival.log.connection import nats_broker, open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import EventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.log.withdrawal import ending_when_withdrawn
from projector.adapters.history import PostgresHistory
from projector.adapters.metrics import MeasuredRows, log_size, projection_standing
from projector.adapters.notices import NatsNotices
from projector.adapters.questions import questions
from projector.adapters.row_store import PostgresRows
from projector.adapters.verdicts import PostgresVerdicts
from projector.application.follow_log import FollowLog
from projector.application.look_back import LookBack
from projector.application.rebuild import RebuildProgress
from projector.application.rescore import Rescore
from projector.programs import SERVICE, limits_of, rebuild
from projector.settings import Settings

STOP_SECONDS = 30.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Projector:
    """A projector with its parts; `app` serves until it is told to stop."""

    app: FastStream
    follow: FollowLog
    rescore: Rescore
    health_port: int


async def run(settings: Settings) -> None:
    """Serve until a signal comes. What no waiting can cure ends the process with that error."""
    async with assembled(settings) as projector:
        _log.info("The projector is up", action="started", health_port=projector.health_port)
        following = asyncio.create_task(projector.follow.run())
        following.add_done_callback(lambda _: projector.app.exit())
        rescoring = asyncio.create_task(projector.rescore.run())

        async def finish_batch() -> None:
            projector.follow.stop()
            _, late = await asyncio.wait({following}, timeout=STOP_SECONDS)
            await end_tasks({*late, rescoring})

        projector.app.on_shutdown(finish_batch)
        await projector.app.run()
        await asyncio.wait({following})
        if not following.cancelled():
            following.result()


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncGenerator[Projector]:
    """Everything connected, nothing working yet; disconnected again in the end."""
    async with AsyncExitStack() as stack:
        connection = await open_connection(settings, SERVICE)
        stack.push_async_callback(connection.close)
        broker = nats_broker(settings, f"{SERVICE}-questions")
        stack.push_async_callback(broker.stop)
        await stack.enter_async_context(ending_when_withdrawn(connection))
        await ensure_stream(connection)
        await ensure_buckets(connection)
        log, notices = NatsEventLog(connection), NatsNotices(connection)
        rows = MeasuredRows(PostgresRows(settings.database_url, read_role=settings.read_role))

        follow = FollowLog(log, rows, notices, lambda: rebuild(settings, _log_progress), limits_of(settings))
        history = PostgresHistory(settings.database_url)
        stack.push_async_callback(history.close)
        rescore = Rescore(log, history, notices, lambda: follow.position is not None)
        verdicts = PostgresVerdicts(settings.database_url)
        stack.push_async_callback(verdicts.close)
        broker.include_router(questions(LookBack(log, verdicts)))
        checks = {"bus": bus_check(connection), "lag": _lag_check(log, follow, settings.lag_max)}
        sources = (projection_standing(log, lambda: follow.position), log_size(connection))
        port = await stack.enter_async_context(
            serve_operations(settings.health_host, settings.health_port, checks, sources)
        )
        yield Projector(FastStream(broker, logger=None), follow, rescore, port)


def _log_progress(progress: RebuildProgress) -> None:
    _log.info(
        "The read model is being rebuilt",
        action="rebuild_progress",
        phase=progress.phase,
        position=progress.position,
        end=progress.end,
    )


def _lag_check(log: EventLog, follow: FollowLog, lag_max: int) -> Check:
    """Ready is who follows closely; or stands by: then another one follows."""

    async def check() -> None:
        if follow.trouble:
            raise ConnectionError(follow.trouble)
        if follow.position is not None:
            lag = await log.end() - follow.position
            if lag > lag_max:
                raise ConnectionError(f"{lag} events behind the log")

    return check
