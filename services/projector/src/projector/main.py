"""Composition root: settings in, a running projector out; and the programs for operators."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from faststream import FastStream

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from carnival.contracts.notices import WorkProgress
from carnival.health import Check, bus_check, serve_operations
from carnival.log.connection import nats_broker, open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import EventLog
from carnival.log.stream import ensure_buckets, ensure_stream, keep_copies
from carnival.log.withdrawal import ending_when_withdrawn
from carnival.postgres import LIVE_SCHEMA
from projector.adapters.building_site import PostgresSite
from projector.adapters.digest import take_digest
from projector.adapters.history import PostgresHistory
from projector.adapters.metrics import MeasuredRows, log_size, projection_standing
from projector.adapters.notices import NatsNotices
from projector.adapters.questions import questions
from projector.adapters.row_store import PostgresRows
from projector.adapters.share_place import place_of
from projector.adapters.share_processes import ShareProcesses, tell, while_wanted
from projector.adapters.verdicts import PostgresVerdicts
from projector.application.fold_in_bulk import FoldInBulk
from projector.application.follow_log import FollowLimits, FollowLog
from projector.application.look_back import LookBack
from projector.application.memory import MemoryLimits
from projector.application.ports import ReadModelDigest
from projector.application.rebuild import Rebuild, RebuildProgress
from projector.application.rescore import Rescore
from projector.application.rows_of_this_fold import rows_of_this_fold
from projector.application.share import Share
from projector.domain.fold import apply
from projector.settings import Settings

SERVICE = "projector"
STOP_SECONDS = 30.0

Report = Callable[[RebuildProgress], None]

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
        log, notices, limits = NatsEventLog(connection), NatsNotices(connection), limits_of(settings)
        rows = MeasuredRows(PostgresRows(settings.database_url, read_role=settings.read_role))

        async def rebuild_outdated() -> Position:
            site = PostgresSite(settings.database_url, read_role=settings.read_role)
            async with _shown(notices, _log_progress) as told:
                return await Rebuild(log, site, notices, told, limits, hands=hands_of(settings))()

        follow = FollowLog(log, rows, notices, rebuild_outdated, limits)
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


async def migrate(settings: Settings, report: Report) -> None:
    """The log, its buckets and the read model as this version needs them, so that all services find them so.

    What is right already is left alone. Rows of an older fold are rebuilt while the projector that wrote them goes on.
    Raises StreamLacksGuarantee, LogUnavailable, NewerFold, UnsuitableDatabase, StoreUnavailable, RebuildUnderWay.
    """
    connection = await open_connection(settings, f"{SERVICE}-migrate")
    rows = PostgresRows(settings.database_url, read_role=settings.read_role)
    try:
        await ensure_stream(connection, replicas=settings.log_replicas)
        await ensure_buckets(connection)
        await keep_copies(connection, settings.log_replicas)
        await rows.open()
        checkpoint = await rows_of_this_fold(rows, lambda: rebuild(settings, report))
        _log.info("Everything is set up", action="migrated", fold=checkpoint.fold, position=checkpoint.position)
    finally:
        await rows.close()
        await connection.drain()


async def rebuild(settings: Settings, report: Report) -> Position:
    """Rebuild the read model while the live projector goes on; answers where it stands at the swap."""
    connection = await open_connection(settings, f"{SERVICE}-rebuild")
    try:
        await ensure_buckets(connection)
        site = PostgresSite(settings.database_url, read_role=settings.read_role)
        log, notices = NatsEventLog(connection), NatsNotices(connection)
        async with _shown(notices, report) as told:
            return await Rebuild(log, site, notices, told, limits_of(settings), hands=hands_of(settings))()
    finally:
        await connection.drain()


async def fold_share(settings: Settings, share: Share, until: Position) -> None:
    """One share of a rebuild, for the process that has begun it. Raises NotInBulk, Unwritable, Unwanted,
    RebuildUnderWay, StoreUnavailable and errors of the log."""
    connection = await open_connection(settings, f"{SERVICE}-rebuild-{share.number}")
    try:
        async with place_of(settings.database_url, share) as (place, start):
            tell(start)
            fold = FoldInBulk(NatsEventLog(connection), place, limits_of(settings), apply, tell, start, share)
            await while_wanted(lambda: fold(until))
    finally:
        await connection.close()


async def digest(settings: Settings) -> ReadModelDigest:
    """The digest of the live read model."""
    return await take_digest(settings.database_url)


def limits_of(settings: Settings) -> FollowLimits:
    return FollowLimits(
        batch_max=settings.batch_max,
        parked_in_a_row_max=settings.parked_in_a_row_max,
        memory=MemoryLimits(runs_max=settings.runs_max, rows_max=settings.rows_max),
    )


def hands_of(settings: Settings) -> ShareProcesses:
    return ShareProcesses(settings.rebuild_processes)


@asynccontextmanager
async def _shown(notices: NatsNotices, report: Report) -> AsyncGenerator[Report]:
    """`report`, and everybody who looks at running work sees it too, until the block ends."""
    sending = set[asyncio.Task[None]]()

    def told(progress: RebuildProgress) -> None:
        report(progress)
        work = WorkProgress(
            kind="rebuild",
            id=LIVE_SCHEMA,
            phase=progress.phase,
            done=progress.position,
            total=progress.end,
            seconds=progress.seconds,
        )
        task = asyncio.create_task(notices.under_way(work))
        sending.add(task)
        task.add_done_callback(sending.discard)

    try:
        yield told
    finally:
        await asyncio.gather(*sending)
        await notices.over("rebuild", LIVE_SCHEMA)


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
