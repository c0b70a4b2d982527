"""The programs for operators: set up, rebuild, fold one share of a rebuild, take digests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from carnival.contracts.ids import Position
from carnival.contracts.notices import WorkProgress
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream, keep_copies
from carnival.postgres import LIVE_SCHEMA
from projector.adapters.building_site import PostgresSite
from projector.adapters.digest import take_digest
from projector.adapters.notices import NatsNotices
from projector.adapters.row_store import PostgresRows
from projector.adapters.share_place import place_of
from projector.adapters.share_processes import ShareProcesses, tell, while_wanted
from projector.application.digest_at import DigestAt
from projector.application.fill_site import FillSite
from projector.application.fold_in_bulk import FoldInBulk
from projector.application.follow_log import FollowLimits
from projector.application.memory import MemoryLimits
from projector.application.ports import ReadModelDigest
from projector.application.rebuild import Rebuild, RebuildProgress
from projector.application.rows_of_this_fold import rows_of_this_fold
from projector.application.share import Share
from projector.domain.fold import apply
from projector.settings import Settings

SERVICE: Final = "projector"

Report = Callable[[RebuildProgress], None]

_log = structlog.get_logger(__name__)


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
            return await Rebuild(log, site, notices, told, limits_of(settings), hands=_hands_of(settings))()
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


async def digest_at(settings: Settings, position: Position, report: Report) -> ReadModelDigest:
    """The digest that the read model has at `position`, now or on another machine with the same log."""
    connection = await open_connection(settings, f"{SERVICE}-digest")
    try:
        log, site, started = NatsEventLog(connection), PostgresSite(settings.database_url), time.monotonic()
        fill = FillSite(log, site, limits_of(settings), hands=_hands_of(settings))

        def told(reached: Position) -> None:
            report(RebuildProgress("folding", reached, position, round(time.monotonic() - started, 3)))

        return await DigestAt(log, site, fill)(position, told)
    finally:
        await connection.drain()


def limits_of(settings: Settings) -> FollowLimits:
    return FollowLimits(
        batch_max=settings.batch_max,
        parked_in_a_row_max=settings.parked_in_a_row_max,
        memory=MemoryLimits(runs_max=settings.runs_max, rows_max=settings.rows_max),
    )


def _hands_of(settings: Settings) -> ShareProcesses:
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
