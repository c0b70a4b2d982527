"""Starts curation-api: reads the settings, opens the servers, answers requests."""

from __future__ import annotations

import gc
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI
from nats.aio.client import Client
from psycopg import AsyncConnection
from psycopg.rows import DictRow
from psycopg_pool import AsyncConnectionPool

from carnival.configuration import read_settings
from carnival.health import serve_operations
from carnival.images.room import image_room
from carnival.log.connection import open_connection
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.log.withdrawal import ending_when_withdrawn
from carnival.postgres import open_pool
from carnival.telemetry import setup_telemetry
from curation_api.adapters.http.app import http_app
from curation_api.adapters.http.connection import GuardedProtocol
from curation_api.adapters.http.server import OrderlyServer
from curation_api.adapters.metrics import long_work, unused_events
from curation_api.adapters.read_model.readers import Readers
from curation_api.settings import Settings
from curation_api.wiring.background import background_work
from curation_api.wiring.outside import Outside
from curation_api.wiring.subjects import parts_of

SERVICE = "curation-api"
GRACE_SECONDS = 5
POOL_SIZE_MAX = 16
KEYED_POOL_SIZE_MAX = 4

_log = structlog.get_logger(__name__)


async def serve(environ: Mapping[str, str]) -> None:
    """Read the settings and answer requests until stopped. Raises BadSetting."""
    settings = read_settings(Settings, environ)
    setup_telemetry(SERVICE, settings.log_level, settings.otel_endpoint)
    async with assembled(settings) as app:
        config = uvicorn.Config(
            app,
            host=settings.api_host,
            port=settings.api_port,
            http=GuardedProtocol,
            ssl_certfile=settings.api_cert_file,
            ssl_keyfile=settings.api_key_file,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        gc.freeze()  # What stands now stays: no search for garbage has to look at it again.
        _log.info("Answering requests", action="started", host=settings.api_host, port=settings.api_port)
        await OrderlyServer(config).serve()


@asynccontextmanager
async def assembled(settings: Settings, *, works: bool = True) -> AsyncGenerator[FastAPI]:
    """The application, connected. Raises the errors of NATS at the start if it does not answer.

    `works`: it also does the work beside the requests, such as thumbnails. Where requests are measured it does not.
    """
    async with AsyncExitStack() as stack:
        connection = await open_connection(settings, SERVICE)
        stack.push_async_callback(connection.close)
        await stack.enter_async_context(ending_when_withdrawn(connection))
        await ensure_stream(connection)
        await ensure_buckets(connection)
        pool = await open_pool(settings.database_url, size_max=POOL_SIZE_MAX)
        stack.push_async_callback(pool.close)
        keyed = await open_pool(settings.database_url, size_max=KEYED_POOL_SIZE_MAX, by_key=True)
        stack.push_async_callback(keyed.close)
        outside = Outside.over(settings, connection, Readers.over(pool, keyed))
        await stack.enter_async_context(outside.watching())
        parts = parts_of(outside)
        if works:
            await stack.enter_async_context(background_work(outside, parts))
        board = parts.live.work
        sources = (unused_events(outside.readers.monitoring), long_work(board), image_room(settings))
        port = await stack.enter_async_context(
            serve_operations(settings.health_host, settings.health_port, parts.checks, sources)
        )
        _log.info("Health answers", action="health", port=port)
        yield http_app(parts)


def unconnected(settings: Settings) -> FastAPI:
    """The application without its servers: it cannot answer, but it can describe itself."""
    pool = AsyncConnectionPool(settings.database_url, open=False, connection_class=AsyncConnection[DictRow])
    return http_app(parts_of(Outside.over(settings, Client(), Readers.over(pool, pool))))
