"""Puts curation-api together: the only place that knows both ports and adapters."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
import uvicorn
from fastapi import FastAPI
from nats.aio.client import Client
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool
from pydantic import SecretStr

from carnival.configuration import read_settings
from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.job import ImageProduced
from carnival.fleet import Fleet
from carnival.health import Check
from carnival.images.opening import open_image_store
from carnival.images.port import ImageStore
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import MESSAGE_BYTES_MAX, ensure_buckets, ensure_stream
from carnival.postgres import open_pool
from carnival.telemetry import setup_telemetry
from curation_api.adapters.access_watch import AccessWatch
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.http.app import http_app
from curation_api.adapters.http.credentials import Credentials
from curation_api.adapters.http.parameters import AtLeast
from curation_api.adapters.http.parts import Access, Commands, Limits, Parts, Queries
from curation_api.adapters.http.server import OrderlyServer
from curation_api.adapters.log_worker import LogWorker
from curation_api.adapters.pillow_shrinker import PillowShrinker
from curation_api.adapters.preview_board import PreviewBoard
from curation_api.adapters.progress_watch import ProgressWatch
from curation_api.adapters.projection_watch import ProjectionWatch
from curation_api.adapters.read_model.candidates import PostgresCandidates
from curation_api.adapters.read_model.exports import PostgresExports
from curation_api.adapters.read_model.judgements import PostgresJudgements
from curation_api.adapters.read_model.monitoring import PostgresMonitoring
from curation_api.adapters.read_model.pipelines import PostgresPipelines
from curation_api.adapters.read_model.reading import Pool
from curation_api.adapters.read_model.rescorings import PostgresRescorings
from curation_api.adapters.read_model.runs import PostgresRuns
from curation_api.adapters.read_model.votes import PostgresVotes
from curation_api.adapters.repeated_work import RepeatedWork
from curation_api.adapters.selector_request import SelectorRequest
from curation_api.adapters.sign_in_codes import SignInCodes
from curation_api.adapters.skip_memory import SkipMemory
from curation_api.adapters.work_board import WorkBoard
from curation_api.application.approve_step import ApproveStepHandler
from curation_api.application.batch_ledger import BatchLedger
from curation_api.application.cast_vote import CastVoteHandler
from curation_api.application.change_run import ChangeRunHandler
from curation_api.application.check_steps import CheckSteps
from curation_api.application.choose_winner import ChooseWinnerHandler
from curation_api.application.clear_winner import ClearWinnerHandler
from curation_api.application.complete_run import CompleteRunHandler
from curation_api.application.define_pipeline import DefinePipelineHandler
from curation_api.application.delete_originals import DeleteOriginals
from curation_api.application.discard_by_age import DiscardByAge
from curation_api.application.discard_images import DiscardImagesHandler
from curation_api.application.ensure_operator import ensure_operator
from curation_api.application.estimate_run import EstimateRun
from curation_api.application.explain_job import ExplainJobHandler
from curation_api.application.export_images import ExportImagesHandler
from curation_api.application.export_preferences import ExportPreferencesHandler
from curation_api.application.issue_token import IssueTokenHandler
from curation_api.application.judge_candidates import JudgeCandidatesHandler
from curation_api.application.kill_walk import KillWalkHandler, Walks
from curation_api.application.ledger import Ledger
from curation_api.application.offer_pair import OfferPairHandler
from curation_api.application.pause_run import PauseRunHandler
from curation_api.application.prepare_thumbnails import PrepareThumbnails
from curation_api.application.preview_gates import PreviewGatesHandler
from curation_api.application.reject_candidate import RejectCandidateHandler
from curation_api.application.rescore import RescoreHandler
from curation_api.application.restore_candidate import RestoreCandidateHandler
from curation_api.application.resume_run import ResumeRunHandler
from curation_api.application.resume_step import ResumeStepHandler
from curation_api.application.retract_vote import RetractVoteHandler
from curation_api.application.retract_votes import RetractVotesHandler
from curation_api.application.revoke_token import RevokeTokenHandler
from curation_api.application.show_image import ShowImage
from curation_api.application.show_runs import ShowRuns
from curation_api.application.skip_pair import SkipPairHandler
from curation_api.application.start_run import StartRunHandler
from curation_api.application.thumbnails import Thumbnails
from curation_api.application.walk_left import WalkLeftHandler
from curation_api.domain.access.register import Register
from curation_api.domain.access.service_key import ServiceKey
from curation_api.settings import ApiAuth, Settings

SERVICE = "curation-api"
GRACE_SECONDS = 5
POOL_SIZE_MAX = 16
POLICY_SECONDS = 600.0

_log = structlog.get_logger(__name__)


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncGenerator[FastAPI]:
    """The application, connected. Raises the errors of NATS at the start if it does not answer."""
    async with AsyncExitStack() as stack:
        connection = await open_connection(settings.nats_url, SERVICE)
        stack.push_async_callback(connection.close)
        await ensure_stream(connection)
        await ensure_buckets(connection)
        pool = await open_pool(settings.database_url, size_max=POOL_SIZE_MAX)
        stack.push_async_callback(pool.close)
        watch = ProjectionWatch(connection, PostgresJudgements(pool).projected_position)
        await watch.start()
        stack.push_async_callback(watch.stop)
        changes = ChangeFeed(NatsEventLog(connection))
        await changes.start()
        stack.push_async_callback(changes.stop)
        progress = ProgressWatch(connection)
        await progress.start()
        stack.push_async_callback(progress.stop)
        images = open_image_store(settings)
        thumbnails = await stack.enter_async_context(_thumbnails(connection, images))
        log, register = NatsEventLog(connection), Register()
        access = AccessWatch(log, register)
        await access.start()
        stack.push_async_callback(access.stop)
        await ensure_operator(log, register, access.reached, _secret(settings.operator_token))
        parts = _parts(settings, connection, pool, watch, changes, progress, images, thumbnails, access, register)
        await stack.enter_async_context(_discarding(settings, connection, parts, thumbnails))
        yield http_app(parts)


@asynccontextmanager
async def _thumbnails(connection: Client, images: ImageStore) -> AsyncGenerator[Thumbnails]:
    """Thumbnails on demand, and made ahead while the block runs."""
    shrinker = PillowShrinker()
    thumbnails = Thumbnails(images, shrinker)
    ahead = LogWorker(connection, "thumbnails", ImageProduced, PrepareThumbnails(thumbnails), pool="*")
    ahead.start()
    try:
        yield thumbnails
    finally:
        await ahead.stop()
        await thumbnails.stop()
        await asyncio.to_thread(shrinker.close)


@asynccontextmanager
async def _discarding(
    settings: Settings, connection: Client, parts: Parts, thumbnails: Thumbnails
) -> AsyncGenerator[None]:
    """While the block runs discarded originals leave the store, and the policy, if there is one, names more."""
    candidates = parts.queries.candidates
    delete = DeleteOriginals(parts.images, thumbnails, parts.projection, candidates)
    works: list[LogWorker[ImagesDiscarded] | RepeatedWork] = [
        LogWorker(connection, "discards", ImagesDiscarded, delete)
    ]
    if settings.discard_after_days is not None:
        policy = DiscardByAge(parts.commands.discard_images, candidates, now, settings.discard_after_days)
        works.append(RepeatedWork("discard-policy", POLICY_SECONDS, policy))
    for work in works:
        work.start()
    try:
        yield
    finally:
        for work in works:
            await work.stop()


def unconnected(settings: Settings) -> FastAPI:
    """The application without its servers: it cannot answer, but it can describe itself."""
    connection, register = Client(), Register()
    log = NatsEventLog(connection)
    pool: Pool = AsyncConnectionPool(settings.database_url, open=False, connection_class=AsyncConnection[DictRow])
    watch = ProjectionWatch(connection, PostgresJudgements(pool).projected_position)
    images = open_image_store(settings)
    thumbnails, access = Thumbnails(images, PillowShrinker()), AccessWatch(log, register)
    changes, progress = ChangeFeed(log), ProgressWatch(connection)
    return http_app(_parts(settings, connection, pool, watch, changes, progress, images, thumbnails, access, register))


async def serve(environ: Mapping[str, str]) -> None:
    """Read the settings and answer requests until stopped. Raises BadSetting."""
    settings = read_settings(Settings, environ)
    setup_telemetry(SERVICE, settings.log_level, settings.otel_endpoint)
    async with assembled(settings) as app:
        config = uvicorn.Config(
            app,
            host=settings.api_host,
            port=settings.api_port,
            http="httptools",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        _log.info("Answering requests", action="started", host=settings.api_host, port=settings.api_port)
        await OrderlyServer(config).serve()


def _parts(
    settings: Settings,
    connection: Client,
    pool: Pool,
    watch: ProjectionWatch,
    changes: ChangeFeed,
    progress: ProgressWatch,
    images: ImageStore,
    thumbnails: Thumbnails,
    access: AccessWatch,
    register: Register,
) -> Parts:
    log = NatsEventLog(connection)
    fleet = Fleet(connection, now)
    queries = _queries(settings, connection, log, pool, fleet)
    ledgers = _ledgers(settings, connection, log, watch, PostgresJudgements(pool))
    return Parts(
        commands=_commands(settings, connection, log, watch, queries, ledgers),
        queries=queries,
        access=_access(settings, connection, ledgers.single, access, register),
        log=log,
        images=images,
        show_image=ShowImage(images, thumbnails),
        projection=watch,
        at_least=AtLeast(watch, log, settings.read_wait_seconds),
        changes=changes,
        fleet=fleet,
        progress=progress,
        previews=PreviewBoard(connection),
        work=WorkBoard(connection),
        selector=SelectorRequest(connection),
        limits=Limits(
            n=settings.n,
            t=settings.t,
            body_max_bytes=settings.body_max_bytes,
            change_streams_max=settings.change_streams_max,
        ),
        checks=_checks(connection, pool),
    )


def _queries(settings: Settings, connection: Client, log: NatsEventLog, pool: Pool, fleet: Fleet) -> Queries:
    runs, candidates, votes = PostgresRuns(pool), PostgresCandidates(pool), PostgresVotes(pool)
    exports = PostgresExports(pool)
    return Queries(
        show_runs=ShowRuns(runs, now, EstimateRun(runs, fleet)),
        check_steps=CheckSteps(fleet),
        preview_gates=PreviewGatesHandler(runs, settings.default_top_k),
        offer_pair=OfferPairHandler(runs, votes, SkipMemory(connection), secrets.randbelow),
        walk_left=WalkLeftHandler(candidates),
        export_preferences=ExportPreferencesHandler(runs, exports),
        export_images=ExportImagesHandler(runs, exports),
        walks=Walks(log, PostgresJudgements(pool), candidates),
        explain_job=ExplainJobHandler(runs),
        pipelines=PostgresPipelines(pool),
        runs=runs,
        candidates=candidates,
        votes=votes,
        monitoring=PostgresMonitoring(pool),
        rescorings=PostgresRescorings(pool),
    )


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What commands write through: one event each, or many at once."""

    single: Ledger
    batch: BatchLedger


def _ledgers(
    settings: Settings, connection: Client, log: NatsEventLog, watch: ProjectionWatch, judgements: PostgresJudgements
) -> Ledgers:
    bytes_max, seconds = min(connection.max_payload, MESSAGE_BYTES_MAX), settings.verdict_wait_seconds
    return Ledgers(
        Ledger(log, watch, judgements, verdict_wait_seconds=seconds, event_bytes_max=bytes_max),
        BatchLedger(log, watch, judgements, verdict_wait_seconds=seconds, event_bytes_max=bytes_max),
    )


def _access(settings: Settings, connection: Client, ledger: Ledger, watch: AccessWatch, register: Register) -> Access:
    given = _secret(settings.service_key)
    if given is None:
        _log.warning("SERVICE_KEY is not set: browser sessions end with this process", action="service_key_missing")
    key = ServiceKey(given or secrets.token_hex(), durable=given is not None)
    return Access(
        credentials=Credentials(register, key, now, open_house=settings.api_auth is ApiAuth.OFF),
        register=register,
        sign_in_codes=SignInCodes(connection),
        key=key,
        clock=now,
        issue_token=IssueTokenHandler(ledger, watch.reached, key, now),
        revoke_token=RevokeTokenHandler(ledger, watch.reached, register),
    )


def _commands(
    settings: Settings,
    connection: Client,
    log: NatsEventLog,
    watch: ProjectionWatch,
    queries: Queries,
    ledgers: Ledgers,
) -> Commands:
    ledger, batches = ledgers.single, ledgers.batch
    return Commands(
        define_pipeline=DefinePipelineHandler(log, ledger),
        start_run=StartRunHandler(
            log, ledger, watch, queries.pipelines, queries.runs, now, read_wait_seconds=settings.read_wait_seconds
        ),
        change_run=ChangeRunHandler(ledger, queries.runs),
        pause_run=PauseRunHandler(ledger, queries.runs),
        resume_run=ResumeRunHandler(ledger, queries.runs),
        complete_run=CompleteRunHandler(ledger, queries.runs),
        approve_step=ApproveStepHandler(ledger, queries.runs),
        resume_step=ResumeStepHandler(ledger, queries.runs),
        choose_winner=ChooseWinnerHandler(ledger, queries.runs, queries.candidates),
        clear_winner=ClearWinnerHandler(ledger, queries.runs),
        discard_images=DiscardImagesHandler(ledger, queries.runs, queries.candidates),
        judge_candidates=JudgeCandidatesHandler(batches, queries.candidates),
        kill_walk=KillWalkHandler(ledger, batches, queries.walks, queries.candidates),
        reject_candidate=RejectCandidateHandler(ledger, queries.candidates),
        restore_candidate=RestoreCandidateHandler(ledger, queries.candidates),
        cast_vote=CastVoteHandler(ledger, queries.votes),
        skip_pair=SkipPairHandler(queries.votes, SkipMemory(connection)),
        retract_vote=RetractVoteHandler(ledger, queries.votes),
        retract_votes=RetractVotesHandler(batches, queries.votes),
        rescore=RescoreHandler(ledger, queries.rescorings),
    )


def _secret(given: SecretStr | None) -> str | None:
    return given.get_secret_value() if given else None


def _checks(connection: Client, pool: Pool) -> Mapping[str, Check]:
    async def nats() -> None:
        if not connection.is_connected:
            raise ConnectionError("not connected to NATS")

    async def postgres() -> None:
        await PostgresJudgements(pool).projected_position()

    return {"nats": nats, "postgres": postgres}
